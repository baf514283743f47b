"""What somebody sent after the session had ended: kept through the sign-in, and shown again where it was typed.

It is never carried out by itself: it only fills the form in again.
"""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

KEPT = "unsent"
MOST_BYTES = 100_000  # more than any of our forms; whoever sends more is not typing


def keep(request: HttpRequest) -> None:
    """Keep the form that this request carries, if it carries one, until its page is asked for again."""
    if request.method == "POST" and not request.FILES:
        typed = request.POST.copy()
        typed.pop("csrfmiddlewaretoken", None)
        if len(words := typed.urlencode()) <= MOST_BYTES:
            request.session[KEPT] = {"path": request.path, "typed": words}


def take(request: HttpRequest) -> QueryDict | None:
    """What was kept for this page, once."""
    kept = request.session.get(KEPT)
    if kept is None or kept["path"] != request.path:
        return None
    del request.session[KEPT]
    return QueryDict(kept["typed"])
