"""The payment QR code (EPC069-12): scanned by a banking app, it fills in a whole transfer.

The code's structured field takes international references (``RF...``) only. Belgian apps put our structured
communication in the free line, printed as ``+++nnn/nnnn/nnnnn+++``; the reader of statements finds it back in either
form. Source: section 3.4 of the description of formats.
"""

from __future__ import annotations

import io

import segno

from portefeuille.core.formats import ogm
from portefeuille.core.formats.pain001 import LONGEST_NAME, plain
from portefeuille.core.money import Money

LONGEST_BYTES = 331


def payload(*, name: str, iban: str, amount: Money, reference: str, bic: str = "") -> str:
    """The code's text. Raises ValueError for an amount outside 0.01 to 999,999,999.99 or a wrong reference."""
    if not 1 <= amount.cents <= 99_999_999_999:
        raise ValueError(f"{amount} can't be asked by a payment code")
    if not ogm.is_valid(reference):
        raise ValueError(f"{reference!r} is not a structured communication")
    lines = [
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        bic,
        plain(name, LONGEST_NAME),
        iban,
        f"EUR{amount}",
        "",  # purpose
        "",  # international reference
        ogm.pretty(reference),
    ]
    text = "\n".join(lines)
    if len(text.encode()) > LONGEST_BYTES:
        raise ValueError("the payment code holds too much")
    return text


def svg(text: str, *, title: str) -> str:
    """The code as an SVG picture for a page: no inline style, and a title for who can't see it."""
    code = segno.make(text, error="m", micro=False)
    picture = io.BytesIO()
    code.save(
        picture,
        kind="svg",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        border=4,
        dark="#000",
        light="#fff",
        title=title,
        svgclass="payment-qr",
        lineclass=None,
        nl=False,
    )
    return picture.getvalue().decode("utf-8").replace("<svg ", '<svg role="img" ', 1)
