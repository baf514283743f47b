"""What a file is, by its first bytes: to tell somebody who handed in another file than the one that was asked for."""

from __future__ import annotations

import re

_MAGIC = (
    (b"%PDF", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b":20:", "mt940"),
    (b"{1:", "mt940"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
# The kinds of XML that banks and invoicing programs give, by what their root names.
_XML = (
    (b"camt.053", "camt.053"),
    (b"pain.001", "pain.001"),
    (b"pain.002", "pain.002"),
    (b"oasis:names:specification:ubl", "ubl"),
)
_LOOKED_AT = 4_096


def name_of(content: bytes) -> str:
    """A short name of the format; empty for plain text and for what is not known here."""
    if content.startswith(_UTF16):
        return "utf16"
    head = content[:_LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        return _kind_of_xml(head)
    return next((name for magic, name in _MAGIC if head.startswith(magic)), "")


def _kind_of_xml(head: bytes) -> str:
    if re.match(rb"(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html[\s>]", head, re.IGNORECASE | re.DOTALL):
        return "html"
    # The first that is named: a status report (pain.002) names the message that it answers further on.
    found = [(head.index(mark), name) for mark, name in _XML if mark in head]
    return min(found)[1] if found else "xml"
