"""Where somebody was going when we asked who they are.

It waits in the session, at the server: an address on another site, or on a form, is never taken from what a means of
sign-in sends back.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from portefeuille.identity.roles import Assurance

_HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Heading:
    """Where to, after which proof. ``is_again``: somebody who is signed in proves once more who they are."""

    to: str = ""
    is_again: bool = False
    level: Assurance = Assurance.LOW


def ours(request: HttpRequest, wanted: str) -> str:
    """Where somebody wanted to go, when that is a page of ours; nothing else."""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and is_ours else ""


def set_heading(request: HttpRequest, heading: Heading) -> None:
    """Remember it until the proof."""
    request.session[_HEADING] = {
        "to": heading.to,
        "is_again": heading.is_again,
        "level": int(heading.level),
    }


def heading_of(request: HttpRequest) -> Heading:
    """Where somebody is going; nowhere in particular when nothing was remembered."""
    kept = request.session.get(_HEADING)
    if kept is None:
        return Heading()
    return Heading(kept["to"], kept["is_again"] and request.user.is_authenticated, Assurance(kept["level"]))


def forget_heading(request: HttpRequest) -> None:
    """The proof was given."""
    request.session.pop(_HEADING, None)
