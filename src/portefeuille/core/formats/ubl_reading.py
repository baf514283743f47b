"""Opening an invoice that a stranger hands in: what kind of file it is, and nothing of what it asks for.

Everything that could make a reader fetch, expand or never end is refused before the XML is parsed: a document type, an
encoding in which it could hide, control characters, too many bytes, elements or levels. What is left is parsed without
entities and without network. Source: section 4.3 of the description of formats; the corpus of the tests.
"""

from __future__ import annotations

import re

from lxml import etree

from portefeuille.core.formats import ubl_tree as tree
from portefeuille.core.formats.content import name_of

LARGEST_BYTES = 10_000_000
DEEPEST = 60
MOST_TAGS = 100_000  # a line of an invoice takes thirty or forty
# The official rules take time by the square of these: each group against every line, each fault among its siblings.
# At these limits the worst that was found takes about a second; an invoice for a training has a few lines.
MOST_VAT_GROUPS = 100
MOST_CHILDREN = 500
_PDF_READERS_LOOK = 1_024  # the mark of a PDF may stand anywhere in so many first bytes

_MAGIC = (
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\xd0\xcf\x11\xe0", "office"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"PK", "zip"),  # an empty or a split archive begins otherwise than others
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "office"),
    (b"{", "json"),
    (b"[", "json"),
)
_UTF32 = (b"\x00\x00\xfe\xff", b"\xff\xfe\x00\x00")
_CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f]")
_DECLARATION = re.compile(rb"<\?xml\s.*?\?>", re.DOTALL)
_DECLARED = re.compile(rb"encoding\s*=\s*[\"']([^\"']{0,40})[\"']")
_BLANK = re.compile(rb"[ \t\r\n]*")
# Encodings in which every sign of the markup is the one byte of ASCII, so that nothing hides from the looks below.
_ENCODINGS = {"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
_BOM = b"\xef\xbb\xbf"


class Unreadable(Exception):
    """This is no invoice that can be read; ``code`` is the key of a text, ``shown`` what the text names."""

    def __init__(self, code: str, **shown: str) -> None:
        super().__init__(code)
        self.code = code
        self.shown = shown


def read(content: bytes) -> etree._Element:
    """The root of the invoice or credit note. Raises Unreadable, and nothing else, for any bytes."""
    if len(content) > LARGEST_BYTES:
        raise Unreadable("too_large", most=str(LARGEST_BYTES // 1_000_000))
    if not content.strip(b"\x00 \t\r\n" + _BOM):
        raise Unreadable("empty_file")
    _must_be_xml(content)
    _must_be_plain(content)
    _must_have_no_type(content)
    _must_be_modest(content)
    root = _parsed(content)
    _must_be_invoice(root, content)
    _must_be_short(root)
    return root


def _must_be_xml(content: bytes) -> None:
    head = content.removeprefix(_BOM).lstrip()
    if content.startswith(_UTF32):
        raise Unreadable("is_utf16")
    kind = name_of(content)
    if kind in ("pdf", "zip", "gzip", "utf16", "mt940", "html"):
        raise Unreadable(f"is_{kind}")
    for magic, named in _MAGIC:
        if head.startswith(magic):
            raise Unreadable(f"is_{named}")
    if b"\x00" in content:
        raise Unreadable("has_nul")
    if not head.startswith(b"<"):
        raise Unreadable("not_xml")
    if b"%PDF-" in content[:_PDF_READERS_LOOK]:
        raise Unreadable("two_kinds")


def _must_be_plain(content: bytes) -> None:
    """No control characters, and an encoding in which a look at the bytes is a look at the text."""
    if _CONTROL.search(content):
        raise Unreadable("binary")
    encoding = _encoding(content)
    if encoding not in _ENCODINGS:
        raise Unreadable("wrong_encoding", encoding=encoding)
    if encoding in ("utf-8", "utf8"):
        try:
            content.decode()
        except UnicodeDecodeError as problem:
            raise Unreadable("not_utf8", place=str(content.count(b"\n", 0, problem.start) + 1)) from None


def _encoding(content: bytes) -> str:
    """What the file says that it is written in; one that says it in a way that is not understood here is refused."""
    declaration = _DECLARATION.match(content.removeprefix(_BOM).lstrip())
    if declaration is None or b"encoding" not in declaration[0]:
        return "utf-8"
    said = _DECLARED.search(declaration[0])
    return said[1].decode("ascii", "replace").lower() if said else "?"


def _must_have_no_type(content: bytes) -> None:
    """A document type can only stand before the root, after declarations and remarks."""
    place = len(_BOM) if content.startswith(_BOM) else 0
    while True:
        place = _BLANK.match(content, place).end()  # type: ignore[union-attr]
        end = next(
            (mark for start, mark in ((b"<?", b"?>"), (b"<!--", b"-->")) if content.startswith(start, place)),
            None,
        )
        if end is None:
            break
        closed = content.find(end, place + 2)
        if closed < 0:
            raise Unreadable("broken_xml", place="1")
        place = closed + len(end)
    if content[place : place + 2] == b"<!":
        raise Unreadable("has_dtd")


_SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


class _Depth:
    """Counts the levels while the file is read the first time."""

    def __init__(self) -> None:
        self.depth = 0

    def start(self, _tag: str, _attributes: object) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unreadable("too_deep", most=str(DEEPEST))

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        """Nothing is kept."""


def _must_be_modest(content: bytes) -> None:
    """A file of nothing but elements, remarks or attributes never becomes a tree: each costs one of these signs."""
    if max(content.count(b"<"), content.count(b"=")) > MOST_TAGS:
        raise Unreadable("too_many_elements", most=_thousands(MOST_TAGS))
    _fed(etree.XMLParser(target=_Depth(), **_SAFE), content)  # type: ignore[arg-type]


def _parsed(content: bytes) -> etree._Element:
    root = _fed(etree.XMLParser(remove_comments=True, remove_pis=True, **_SAFE), content)  # type: ignore[arg-type]
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable("has_dtd")
    return root


def _fed(parser: etree.XMLParser, content: bytes) -> etree._Element | None:
    try:
        return etree.fromstring(content.lstrip(), parser)
    except etree.XMLSyntaxError as problem:
        raise Unreadable("broken_xml", place=str(problem.lineno or 1)) from None


def _must_be_invoice(root: etree._Element, content: bytes) -> None:
    named = etree.QName(root)
    if (named.namespace, named.localname) in ((tree.INVOICE, "Invoice"), (tree.CREDIT_NOTE, "CreditNote")):
        return
    namespace = named.namespace or ""
    if named.localname == "CrossIndustryInvoice":
        raise Unreadable("is_cii")
    if namespace.startswith("urn:iso:std:iso:20022"):
        raise Unreadable("is_bank_file", what=name_of(content) or "ISO 20022")
    if named.localname == "svg":
        raise Unreadable("is_image")
    if named.localname in ("Invoice", "CreditNote"):
        raise Unreadable("wrong_namespace", namespace=namespace[:80] or "geen")
    if "oasis:names:specification:ubl" in namespace:
        raise Unreadable("other_ubl", root=named.localname[:60])
    raise Unreadable("other_xml", root=named.localname[:60])


def _must_be_short(root: etree._Element) -> None:
    if sum(1 for _group in root.iter(f"{{{tree.CAC}}}TaxSubtotal")) > MOST_VAT_GROUPS:
        raise Unreadable("too_many_vat_groups", most=str(MOST_VAT_GROUPS))
    if any(len(element) > MOST_CHILDREN for element in root.iter()):
        raise Unreadable("too_many_lines", most=_thousands(MOST_CHILDREN))


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
