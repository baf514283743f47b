"""An installation that is no demo is refused when it names the demo's sign-in."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from portefeuille.identity.checks import DEMO_SIGN_IN, demo_sign_in_only_in_a_demo


@pytest.mark.parametrize(
    ("is_demo", "backends", "refused"),
    [(True, [DEMO_SIGN_IN], False), (False, [], False), (False, [DEMO_SIGN_IN], True)],
)
def test_only_a_demo_may_name_it(settings: Any, is_demo: bool, backends: list[str], refused: bool) -> None:
    settings.DEMO = is_demo
    settings.AUTHENTICATION_BACKENDS = backends
    assert bool(demo_sign_in_only_in_a_demo()) is refused


def test_commands_do_not_run_then(settings: Any) -> None:
    settings.DEMO = False
    settings.AUTHENTICATION_BACKENDS = [DEMO_SIGN_IN]
    with pytest.raises(SystemCheckError, match=r"identity\.E001"):
        call_command("check")
