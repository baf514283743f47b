"""What somebody had typed when we had to ask who they are: kept at the server, and shown again where it was typed.

It is never carried out by itself: it only fills the form in again. Files can't be kept; they are chosen anew. A form
may hold a national number or a code: it is sealed, so that the session's table can't be read for it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

from django.http import HttpRequest, QueryDict
from django.urls import resolve

from portefeuille.database.sealing import seal, unseal

KEPT, _PURPOSE = "unsent", "unsent-form"
RESUME = "/bevestig/verder"
_LARGEST_FORM = 200_000  # characters; what is larger would slow down every next request of the session


def keep(request: HttpRequest) -> None:
    """Keep the form that this request carries, if it carries one, until its page is asked for again."""
    if request.method != "POST":
        return
    fields = {name: texts for name, texts in request.POST.lists() if name != "csrfmiddlewaretoken"}
    if sum(len(text) for texts in fields.values() for text in texts) <= _LARGEST_FORM:
        sealed = base64.b64encode(seal(_PURPOSE, json.dumps(fields).encode())).decode()
        request.session[KEPT] = {"path": request.get_full_path(), "sealed": sealed}


def fields_for(request: HttpRequest, path: str) -> Mapping[str, list[str]]:
    """What was typed on that page and not sent, by field; empty when nothing was."""
    kept = request.session.get(KEPT)
    if kept is None or kept["path"] != path:
        return {}
    fields: dict[str, list[str]] = json.loads(unseal(_PURPOSE, base64.b64decode(kept["sealed"])))
    return fields


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, once."""
    fields = fields_for(request, request.get_full_path())
    if not fields:
        return None
    del request.session[KEPT]
    typed = QueryDict(mutable=True)
    for name, texts in fields.items():
        typed.setlist(name, texts)
    return typed


def way_back(request: HttpRequest, path: str) -> str:
    """Where what was typed on that page waits: there, or on a page between when it can't show it again.

    Empty when nothing waits.
    """
    if not fields_for(request, path):
        return ""
    view = resolve(path.partition("?")[0]).func
    return path if getattr(view, "shows_unsent", False) else RESUME


def shows_unsent[View](view: View) -> View:
    """Mark a page that fills its form in again by ``take``: to such a page somebody goes back after the proof."""
    view.shows_unsent = True  # type: ignore[attr-defined]
    return view
