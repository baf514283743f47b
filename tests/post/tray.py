"""What lies in the tray of the printer, and what is printed on it."""

from __future__ import annotations

import io

from pypdf import PdfReader

from portefeuille.post.queries import pages, unprinted


def waiting() -> list[int]:
    """The letters that no printer has yet, oldest first."""
    return [one.id for one in reversed(unprinted())]


def text_of_letter(letter: int) -> str:
    """Page by page, as a reader of PDF finds it."""
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pages(letter))).pages)
