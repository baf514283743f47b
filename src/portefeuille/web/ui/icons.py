"""Our own pictograms: one small file each, put into the page itself, so that they take the colour of the words."""

from __future__ import annotations

from functools import cache

from django.utils.safestring import SafeString, mark_safe

from portefeuille.web.static import ASSETS

OPENING = '<svg xmlns="http://www.w3.org/2000/svg" '


@cache
def drawing(name: str) -> SafeString:
    """The drawing as part of a page, hidden from who listens: the words beside it say the same.

    Raises FileNotFoundError when there is no such icon: a page with a hole is a mistake of ours.
    """
    text = (ASSETS / "icons" / f"{name}.svg").read_text(encoding="utf-8").strip()
    return mark_safe(text.replace(OPENING, '<svg class="icon" aria-hidden="true" ', 1))  # noqa: S308 - our own files


def names() -> list[str]:
    """Every icon there is."""
    return sorted(path.stem for path in (ASSETS / "icons").glob("*.svg"))
