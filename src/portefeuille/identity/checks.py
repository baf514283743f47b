"""What must be true of the settings before anything starts."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

DEMO_SIGN_IN = "portefeuille.identity.demo_sign_in.DemoSignIn"


def demo_sign_in_only_in_a_demo(**_options: Any) -> list[CheckMessage]:
    """A real installation that names the demo's sign-in is refused: there, anybody could be anybody."""
    if settings.DEMO or DEMO_SIGN_IN not in settings.AUTHENTICATION_BACKENDS:
        return []
    return [
        Error(
            "The demo's sign-in is named in the settings of an installation that is no demo.",
            hint=f"Remove {DEMO_SIGN_IN} from AUTHENTICATION_BACKENDS.",
            id="identity.E001",
        )
    ]
