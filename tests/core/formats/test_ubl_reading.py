"""Opening what a stranger hands in: every hostile or mistaken upload is refused by its name, and nothing breaks it."""

from __future__ import annotations

import gzip
import io
import string
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.formats.invoices import CREDIT_NOTE, GOOD

from portefeuille.core.formats import ubl
from portefeuille.core.formats import ubl_reading as reading
from portefeuille.core.formats.ubl_problems import TEXTS
from portefeuille.core.formats.ubl_reading import (
    DEEPEST,
    LARGEST_BYTES,
    MOST_CHILDREN,
    MOST_TAGS,
    MOST_VAT_GROUPS,
    Unreadable,
)

DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>\n"
BODY = GOOD.removeprefix(DECLARATION)
NUMBER = b"<cbc:ID>2026-0042</cbc:ID>"
VAT_GROUP = GOOD[GOOD.index(b"<cac:TaxSubtotal>") : GOOD.index(b"</cac:TaxTotal>")]
SECRET = "the secret of the machine"


def zipped(name: str, content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return file.getvalue()


def typed(dtd: str, entity: str = "x") -> bytes:
    """The good invoice behind a document type, with an entity where its number stood."""
    return DECLARATION + dtd.encode() + BODY.replace(NUMBER, f"<cbc:ID>&{entity};</cbc:ID>".encode())


def filled(inside: bytes) -> bytes:
    """The good invoice with something in its note."""
    start, end = GOOD.index(b"<cbc:Note>") + 10, GOOD.index(b"</cbc:Note>")
    return GOOD[:start] + inside + GOOD[end:]


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "entity expansion": (
        "has_dtd",
        lambda: typed(f'<!DOCTYPE Invoice [<!ENTITY l0 "lol">{LAUGHS}]>', "l9"),
    ),
    "quadratic expansion": (
        "has_dtd",
        lambda: typed(f'<!DOCTYPE Invoice [<!ENTITY x "{"a" * 100_000}">]>').replace(b"&x;", b"&x;" * 1_000),
    ),
    "external entity": (
        "has_dtd",
        lambda: typed('<!DOCTYPE Invoice [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
    ),
    "external entity over the network": (
        "has_dtd",
        lambda: typed('<!DOCTYPE Invoice [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>'),
    ),
    "parameter entity": (
        "has_dtd",
        lambda: typed('<!DOCTYPE Invoice [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x"> %p;]>', "amp"),
    ),
    "external document type": (
        "has_dtd",
        lambda: DECLARATION + b'<!DOCTYPE Invoice SYSTEM "http://127.0.0.1:9/x.dtd">' + BODY,
    ),
    "document type behind remarks": (
        "has_dtd",
        lambda: DECLARATION + b"<!-- <a> --><?php ?>\n<!-- -->\t<!DOCTYPE Invoice [<!ENTITY x 'y'>]>" + BODY,
    ),
    "document type in UTF-16": ("is_utf16", lambda: typed("<!DOCTYPE Invoice []>").decode().encode("utf-16")),
    "UTF-16 without a mark": ("has_nul", lambda: GOOD.decode().encode("utf-16-le")),
    "UTF-32": ("is_utf16", lambda: GOOD.decode().encode("utf-32")),
    "document type in UTF-7": (
        "wrong_encoding",
        lambda: b"<?xml version='1.0' encoding='UTF-7'?>+ADw-!DOCTYPE Invoice []+AD4-" + BODY,
    ),
    "EBCDIC": ("not_xml", lambda: GOOD.decode().replace("€", "E").encode("cp500")),
    "zip bomb": ("is_zip", lambda: zipped("factuur.xml", bytes(20_000_000))),
    "invoice in a zip": ("is_zip", lambda: zipped("factuur.xml", GOOD)),
    "gzip bomb": ("is_gzip", lambda: gzip.compress(bytes(20_000_000))),
    "document of a word processor": ("is_zip", lambda: zipped("word/document.xml", b"<w/>")),
    "PDF": ("is_pdf", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    "PDF with an invoice in it": ("is_pdf", lambda: b"%PDF-1.7\n" + GOOD),
    "polyglot of XML and PDF": ("two_kinds", lambda: DECLARATION + b"<!--%PDF-1.7 1 0 obj-->" + BODY),
    "polyglot of XML and zip": ("has_nul", lambda: GOOD + zipped("a", b"b")),
    "100 MB": ("too_large", lambda: GOOD + b" " * 100_000_000),
    "100 MB of nothing": ("too_large", lambda: bytes(100_000_000)),
    "NUL in a name": ("has_nul", lambda: filled(b"a\x00b")),
    "NUL at the end": ("has_nul", lambda: GOOD + b"\x00"),
    "only NUL": ("empty_file", lambda: bytes(10)),
    "NUL as a character reference": ("broken_xml", lambda: filled(b"&#0;")),
    "control characters": ("binary", lambda: filled(b"\x1b[31m")),
    "wrong bytes": ("not_utf8", lambda: filled(b"caf\xe9")),
    "overlong bytes": ("not_utf8", lambda: filled(b"\xc0\xbc!DOCTYPE")),
    "deep nesting": ("too_deep", lambda: filled(b"<a>" * 1_000 + b"</a>" * 1_000)),
    "a million elements": ("too_many_elements", lambda: filled(b"<a/>" * 1_000_000)),
    "a million remarks": ("too_many_elements", lambda: filled(b"<!---->" * 1_000_000)),
    "a million attributes": (
        "too_many_elements",
        lambda: GOOD.replace(
            b"<cbc:Note>", b"<cbc:Note " + b" ".join(b"a%d=''" % n for n in range(900_000)) + b">"
        ),
    ),
    "a thousand rates of VAT": (
        "too_many_vat_groups",
        lambda: GOOD.replace(VAT_GROUP, VAT_GROUP * 1_000),
    ),
    "ten thousand lines": (
        "too_many_lines",
        lambda: GOOD.replace(b"</Invoice>", b"<cac:InvoiceLine/>" * 10_000 + b"</Invoice>"),
    ),
    "an encoding far away": (
        "wrong_encoding",
        lambda: b"<?xml version='1.0'" + b" " * 1_000 + b"encoding='UTF-7'?>" + BODY,
    ),
    "an encoding that is no word": ("wrong_encoding", lambda: b"<?xml version='1.0' encoding=?>" + BODY),
    "unknown entity": ("broken_xml", lambda: filled(b"&secret;")),
    "cut off": ("broken_xml", lambda: GOOD[:-40]),
    "two roots": ("broken_xml", lambda: GOOD + BODY),
    "a remark that never ends": ("broken_xml", lambda: DECLARATION + b"<!-- " + BODY.replace(b"-->", b"")),
    "a script behind it": ("broken_xml", lambda: GOOD + b"<script>alert(1)</script>"),
    "a page": ("is_html", lambda: b"<!DOCTYPE html><html><body>factuur</body></html>"),
    "SVG": ("is_image", lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    "a photo": ("is_image", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "a screenshot": ("is_image", lambda: b"\x89PNG\r\n\x1a\n"),
    "a spreadsheet of before": ("is_office", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "a program": ("is_program", lambda: b"MZ\x90\x00"),
    "an archive": ("is_archive", lambda: b"Rar!\x1a\x07\x00"),
    "JSON": ("is_json", lambda: b'{"invoice": true}'),
    "a bank statement": ("not_xml", lambda: b"0000005032699905        00099449"),
    "plain words": ("not_xml", lambda: b"Beste, in bijlage de factuur."),
    "nothing": ("empty_file", lambda: b""),
    "only a mark of bytes": ("empty_file", lambda: b"\xef\xbb\xbf \n"),
    "an invoice of another family": (
        "is_cii",
        lambda: (
            b'<r:CrossIndustryInvoice xmlns:r="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"/>'
        ),
    ),
    "a statement in XML": (
        "is_bank_file",
        lambda: b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"/>',
    ),
    "an order": (
        "other_ubl",
        lambda: b'<Order xmlns="urn:oasis:names:specification:ubl:schema:xsd:Order-2"/>',
    ),
    "UBL of a version to come": (
        "wrong_namespace",
        lambda: b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-3"/>',
    ),
    "an invoice without a namespace": ("wrong_namespace", lambda: b"<Invoice/>"),
    "another root in the right namespace": (
        "other_ubl",
        lambda: b'<CreditNote2 xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>',
    ),
    "other XML": ("other_xml", lambda: b"<rss/>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_mistaken_upload_is_refused_with_a_clear_line(name: str) -> None:
    code, make = HOSTILE[name]
    checked = ubl.check(make())
    assert not checked.valid
    assert checked.facts == {}
    [finding] = checked.findings
    assert finding.rule == "FILE-" + code.upper().replace("_", "-")
    assert "\n" not in finding.text
    assert finding.text.endswith(".")
    assert "{" not in finding.text


def test_every_refusal_is_met_by_an_upload() -> None:
    met = {code for code, _make in HOSTILE.values()} | {"is_mt940"}
    refusals = {code for code in TEXTS if not code.startswith(("schema_", "rules_"))}
    assert met == refusals
    assert _code_of(b":20:940\r\n:25:BE68539007547034") == "is_mt940"


def _code_of(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        reading.read(content)
    return refused.value.code


def test_the_secret_of_an_external_entity_is_never_said(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(SECRET)
    for inside in (
        f'<!DOCTYPE Invoice [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>',
        f'<!DOCTYPE Invoice SYSTEM "{(tmp_path / "secret").as_uri()}">',
    ):
        assert SECRET not in str(ubl.check(typed(inside)).as_dict())
    included = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" parse="text" href="{tmp_path}/secret"/>'
    checked = ubl.check(filled(included.encode()))
    assert not checked.valid
    assert SECRET not in str(checked.as_dict())


def test_the_place_of_a_schema_that_an_invoice_names_is_not_visited(tmp_path: Path) -> None:
    """Were it read, it would be no schema, and the invoice no longer right."""
    (tmp_path / "own.xsd").write_text("this is no schema")
    hint = (
        b'<Invoice xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="'
        + b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2 "
        + (tmp_path / "own.xsd").as_uri().encode()
        + b'" '
    )
    assert ubl.check(GOOD.replace(b"<Invoice ", hint)).valid


class TestWhatIsLetThrough:
    """Right invoices in every dress that programs give them."""

    @pytest.mark.parametrize(
        "content",
        [
            GOOD,
            CREDIT_NOTE,
            b"\xef\xbb\xbf" + GOOD,
            BODY,
            GOOD.replace(b"\n", b"\r\n"),
            GOOD.replace(b"<Invoice ", b"<!-- made by hand --><?xml-stylesheet href='a.xsl'?><Invoice "),
            GOOD.replace(b"UTF-8", b"iso-8859-1").replace(b"Gent", b"caf\xe9"),
            filled(b"<![CDATA[<!DOCTYPE Invoice [<!ENTITY x 'y'>]>]]>"),
        ],
    )
    def test_is_read(self, content: bytes) -> None:
        assert ubl.check(content).valid, ubl.check(content).findings

    def test_as_many_levels_and_elements_as_allowed(self) -> None:
        inside = DEEPEST - 2
        assert reading.read(filled(b"<a>" * inside + b"</a>" * inside)) is not None
        assert _code_of(filled(b"<a>" * (inside + 1) + b"</a>" * (inside + 1))) == "too_deep"
        room = MOST_TAGS - filled(b"").count(b"<")
        assert _code_of(filled(b"<a/>" * room)) == "too_many_lines"
        assert _code_of(filled(b"<a/>" * (room + 1))) == "too_many_elements"
        assert reading.read(filled(b"<a/>" * MOST_CHILDREN)) is not None
        assert _code_of(filled(b"<a/>" * (MOST_CHILDREN + 1))) == "too_many_lines"
        assert reading.read(GOOD.replace(VAT_GROUP, VAT_GROUP * MOST_VAT_GROUPS)) is not None
        assert _code_of(GOOD.replace(VAT_GROUP, VAT_GROUP * (MOST_VAT_GROUPS + 1))) == "too_many_vat_groups"

    def test_as_many_bytes_as_allowed(self) -> None:
        assert reading.read(GOOD + b" " * (LARGEST_BYTES - len(GOOD))) is not None
        assert _code_of(GOOD + b" " * (LARGEST_BYTES - len(GOOD) + 1)) == "too_large"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with pytest.raises(Unreadable):
        reading.read(content)


@settings(max_examples=150, deadline=None)
@given(
    st.integers(0, len(GOOD) - 1),
    st.integers(0, 40),
    st.one_of(st.binary(max_size=12), st.text(string.printable, max_size=12).map(str.encode)),
)
def test_no_damage_to_a_right_invoice_breaks_the_check(place: int, gone: int, instead: bytes) -> None:
    checked = ubl.check(GOOD[:place] + instead + GOOD[place + gone :])
    assert all("{" not in one.text or "{" in instead.decode("latin-1") for one in checked.findings)
    assert checked.valid == all(one.severity == "warning" for one in checked.findings)
