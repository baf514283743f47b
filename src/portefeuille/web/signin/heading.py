"""Where somebody was going when we asked who they are, and what they had typed on the way.

Both wait in the session, at the server: an address on another site, or on a form, is never taken from what a means of
sign-in sends back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from portefeuille.identity.roles import Assurance

_HEADING, _KEPT = "heading", "kept_form"
_LARGEST_FORM = 200_000  # characters; what is larger would slow down every next request of the session


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


def keep_form(request: HttpRequest) -> None:
    """Keep what was typed on this page until the proof is given. Files can't be kept: they are chosen anew."""
    fields = {name: texts for name, texts in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if sum(len(text) for texts in fields.values() for text in texts) <= _LARGEST_FORM:
        request.session[_KEPT] = {"path": request.get_full_path(), "fields": fields}


def has_kept_form(request: HttpRequest, path: str) -> bool:
    """Whether something was typed on that page and not sent."""
    kept = request.session.get(_KEPT)
    return kept is not None and kept["path"] == path


def kept_fields(request: HttpRequest, path: str) -> Mapping[str, list[str]]:
    """What was typed there, by field."""
    kept = request.session.get(_KEPT)
    return kept["fields"] if kept is not None and kept["path"] == path else {}


def shows_kept_form[View](view: View) -> View:
    """Mark a page that fills its form in again by ``take_form`` once somebody confirmed who they are."""
    view.shows_kept_form = True  # type: ignore[attr-defined]
    return view


def take_form(request: HttpRequest) -> QueryDict | None:
    """What was typed on this page before we asked who it was; once."""
    fields = kept_fields(request, request.get_full_path())
    if not fields:
        return None
    del request.session[_KEPT]
    typed = QueryDict(mutable=True)
    for name, texts in fields.items():
        typed.setlist(name, texts)
    return typed
