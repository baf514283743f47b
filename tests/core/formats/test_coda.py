"""Reading CODA: the real files, every refusal with its line, and nothing that ever breaks the reader."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.formats import coda_records as records

from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.coda_problems import TEXTS
from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.formats.statement import Reading
from portefeuille.core.money import Money

IBAN = "BE49999000000171"
DAY = date(2026, 3, 5)
RIGHT = ogm.make(4_100_000_001)


def made(*lines: Line, opening: str = "100.00", day: date = DAY, sequence: int = 3) -> bytes:
    return write(
        account=IBAN,
        holder="Financieel Beheerder KMO",
        sequence=sequence,
        day=day,
        opening=Money.euros(opening),
        lines=lines,
    )


def credit(amount: str = "4000.00", **more: str) -> Line:
    return Line(
        Money.euros(amount), name="Bakkerij Korst", account="BE29999010000164", **{"reference": RIGHT, **more}
    )


def codes(reading: Reading, severity: str = "error") -> list[str]:
    return [problem.code for problem in reading.problems if problem.severity == severity]


class TestRealFiles:
    """The files of the reference data; the library that carries them too is the oracle."""

    def test_the_long_one_has_59_movements_between_its_balances(self, shared_data: Path) -> None:
        reading = coda.read((shared_data / "samples/coda/b2ck_CODA.cod").read_bytes())
        [statement] = reading.statements
        assert reading.accepted
        assert (statement.opening, statement.closing) == (Money.ZERO, Money.euros("9405296.99"))
        assert len(statement.movements) == 59
        assert sum(movement.amount.cents for movement in statement.movements) == 940_529_699

    def test_the_empty_one_is_accepted(self, shared_data: Path) -> None:
        reading = coda.read((shared_data / "samples/coda/b2ck_CODA-empty.cod").read_bytes())
        assert reading.accepted
        assert codes(reading, "warning") == ["bad_iban", "no_new_balance_empty", "another_follows"]
        [statement] = reading.statements
        assert statement.movements == ()

    def test_our_reading_is_that_of_the_library(self, shared_data: Path) -> None:
        from coda import CODA

        path = shared_data / "samples/coda/b2ck_CODA.cod"
        [theirs] = CODA(str(path)).statements
        [ours] = coda.read(path.read_bytes()).statements
        moves = list(theirs.moves)
        assert [str(m.amount) for m in ours.movements] == [f"{m.amount:.2f}" for m in moves]
        assert [m.entry_date for m in ours.movements] == [m.entry_date for m in moves]


class TestWhatIsWritten:
    """What the writer writes, the reader reads back."""

    def test_a_structured_deposit(self) -> None:
        [statement] = coda.read(made(credit())).statements
        [movement] = statement.movements
        assert statement.account == IBAN
        assert (statement.sequence, statement.closing_date) == (3, DAY)
        assert movement.amount == Money.euros("4000.00")
        assert movement.references == (RIGHT,)
        assert movement.counterparty_account == "BE29999010000164"
        assert movement.counterparty_name == "Bakkerij Korst"
        assert movement.kind == "transfer"
        assert movement.entry_date == DAY

    def test_a_structured_reference_with_a_wrong_check_is_no_reference(self) -> None:
        [movement] = coda.read(made(credit(reference="410000000100"))).statements[0].movements
        assert movement.references == ()
        assert movement.communication == "+++410/0000/00100+++"

    def test_a_reference_in_free_text_is_found_over_the_seams_of_the_records(self) -> None:
        text = "x" * 48 + " " + ogm.pretty(RIGHT)
        [movement] = coda.read(made(credit(reference="", text=text))).statements[0].movements
        assert movement.references == (RIGHT,)

    def test_a_payment_out_comes_back_with_its_end_to_end_id(self) -> None:
        line = Line(Money.euros("-10000.00"), text="KP2026-000001", end_to_end_id="KMOP000000000012")
        [movement] = coda.read(made(line, opening="20000.00")).statements[0].movements
        assert movement.amount == Money.euros("-10000.00")
        assert movement.end_to_end_id == "KMOP000000000012"

    def test_a_returned_payment_is_told_apart(self) -> None:
        line = Line(
            Money.euros("10.00"),
            end_to_end_id="KMOP000000000012",
            is_returned=True,
            reason="AC04",
            text="terug",
        )
        [movement] = coda.read(made(line)).statements[0].movements
        assert movement.kind == "returned"

    def test_several_statements_in_one_file(self) -> None:
        first, second = made(credit()), made(credit("1.00"), opening="4100.00", sequence=4)
        reading = coda.read(first + second)
        assert reading.accepted
        assert [one.sequence for one in reading.statements] == [3, 4]

    def test_a_statement_without_movements(self) -> None:
        [statement] = coda.read(made()).statements
        assert (statement.opening, statement.closing, statement.movements) == (
            Money.euros("100.00"),
            Money.euros("100.00"),
            (),
        )

    @settings(max_examples=60)
    @given(
        st.lists(
            st.builds(
                Line,
                amount=st.integers(-(10**9), 10**9).filter(bool).map(Money),
                name=st.text(alphabet="abcé ", max_size=30),
                account=st.just("BE29999010000164"),
                reference=st.one_of(st.just(""), st.integers(0, 10**10 - 1).map(ogm.make)),
                text=st.text(alphabet="abc 123", max_size=140),
                end_to_end_id=st.text(alphabet="ABC123", max_size=35),
            ),
            max_size=8,
        )
    )
    def test_anything_written_reads_back_the_same(self, lines: list[Line]) -> None:
        [statement] = coda.read(made(*lines)).statements
        assert [m.amount for m in statement.movements] == [line.amount for line in lines]
        assert [m.end_to_end_id for m in statement.movements] == [line.end_to_end_id for line in lines]
        for movement, line in zip(statement.movements, lines, strict=True):
            assert movement.counterparty_name == line.name.strip()
            if line.reference:
                assert movement.references == (line.reference,)


def edit(content: bytes, record: int, place: slice, text: str) -> bytes:
    """The file with some characters of one line overwritten (0-based)."""
    lines = content.decode("cp1252").split("\n")
    line = lines[record]
    lines[record] = line[: place.start] + text + line[place.stop :]
    return "\n".join(lines).encode("cp1252")


FILE = made(credit(), credit("10.00"))
# Only details (6, 7 and 9) of totals that stand in the main file, between two balances of nothing.
_DETAILS = [
    records.old_balance(),
    *records.movement(10_000, detail=1, code="60150000", structured="101", text=RIGHT),
    *records.movement(20_000, detail=2, code="70150000"),
    *records.movement(20_000, detail=3, code="90150000"),
    records.new_balance(),
]
SEPARATE = records.content(records.header(application="00001"), _DETAILS, records.trailer(_DETAILS))
# 0 header, 1 old balance, 2-4 first movement, 5-7 second, 8 new balance, 9 trailer
FAULTS: dict[str, tuple[Callable[[], bytes], str, int]] = {
    "empty": (lambda: b"", "empty_file", 1),
    "only blanks": (lambda: b"\n \n", "empty_file", 1),
    "a pdf": (lambda: b"%PDF-1.7", "is_pdf", 1),
    "a zip": (lambda: b"PK\x03\x04", "is_zip", 1),
    "camt": (lambda: b"\xef\xbb\xbf<?xml version='1.0'?><Document/>", "is_xml", 1),
    "mt940": (lambda: b":20:START", "is_mt940", 1),
    "text": (lambda: b"hallo", "not_coda", 1),
    "a zero byte": (lambda: FILE[:300] + b"\x00" + FILE[301:], "binary", 3),
    "version 5": (lambda: edit(FILE, 0, slice(127, 128), "5"), "wrong_version", 1),
    "a line too long": (lambda: edit(FILE, 2, slice(128, 128), "xx"), "too_long", 3),
    "a wrong amount": (lambda: edit(FILE, 2, slice(40, 41), "O"), "bad_amount", 3),
    "an empty amount": (lambda: edit(FILE, 2, slice(32, 47), " " * 15), "bad_amount", 3),
    "a wrong sign": (lambda: edit(FILE, 2, slice(31, 32), "2"), "bad_sign", 3),
    "a third decimal": (lambda: edit(FILE, 2, slice(46, 47), "5"), "third_decimal", 3),
    "an impossible day": (lambda: edit(FILE, 2, slice(115, 121), "300226"), "bad_date", 3),
    "a day in letters": (lambda: edit(FILE, 2, slice(115, 121), "5maart"), "bad_date", 3),
    "a wrong movement number": (lambda: edit(FILE, 2, slice(2, 6), "000x"), "not_a_number", 3),
    "a part that does not exist": (lambda: edit(FILE, 3, slice(1, 2), "7"), "unknown_part", 4),
    "a record that does not exist": (lambda: edit(FILE, 3, slice(0, 1), "7"), "unknown_record", 4),
    "a part of another movement": (lambda: edit(FILE, 3, slice(2, 6), "0009"), "continues_nothing", 4),
    "a detail of nothing": (lambda: edit(FILE, 2, slice(6, 10), "0001"), "detail_without_total", 3),
    "an account of unknown form": (lambda: edit(FILE, 1, slice(1, 2), "9"), "unknown_structure", 2),
    "another account at the end": (
        lambda: edit(FILE, 8, slice(4, 20), "BE29999010000164"),
        "other_account",
        9,
    ),
    "another currency at the end": (lambda: edit(FILE, 8, slice(38, 41), "USD"), "other_account", 9),
    "a balance that does not add up": (lambda: edit(FILE, 8, slice(53, 54), "9"), "does_not_add_up", 10),
    "a wrong count": (lambda: edit(FILE, 9, slice(16, 22), "000099"), "wrong_count", 10),
    "wrong debits": (lambda: edit(FILE, 9, slice(36, 37), "1"), "third_decimal", 10),
    "wrong credits": (lambda: edit(FILE, 9, slice(48, 49), "7"), "wrong_credits", 10),
    "no trailer": (lambda: FILE[: FILE.rindex(b"\n9") + 1], "no_trailer", 1),
    "no new balance": (
        lambda: b"\n".join(line for line in FILE.split(b"\n") if line[:1] != b"8"),
        "no_new_balance",
        9,
    ),
    "movements before the old balance": (
        lambda: b"\n".join([FILE.split(b"\n")[0], *FILE.split(b"\n")[2:]]),
        "out_of_order",
        2,
    ),
    "a separate application": (lambda: SEPARATE, "separate_application", 1),
    "a status report": (
        lambda: b"<Document xmlns='x:pain.002.001.03'>pain.001.001.03</Document>",
        "is_pain002",
        1,
    ),
    "a payment file": (
        lambda: b"<?xml version='1.0'?><Document xmlns='x:pain.001.001.09'/>",
        "is_pain001",
        1,
    ),
    "a camt.053": (
        lambda: b"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.08'/>",
        "is_camt053",
        1,
    ),
    "an invoice": (
        lambda: b"<Invoice xmlns='urn:oasis:names:specification:ubl:schema:xsd:Invoice-2'/>",
        "is_ubl",
        1,
    ),
    "a page": (lambda: b"<!-- x --> <!DOCTYPE html><html></html>", "is_html", 1),
    "utf-16": (lambda: FILE.decode("cp1252").encode("utf-16"), "is_utf16", 1),
}


@pytest.mark.parametrize(("fault", "code", "line"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_file_is_refused_with_the_line_and_what_to_do(
    fault: Callable[[], bytes], code: str, line: int
) -> None:
    reading = coda.read(fault())
    assert not reading.accepted
    found = {(problem.code, problem.line) for problem in reading.problems if problem.severity == "error"}
    assert (code, line) in found, reading.problems


def test_every_code_has_a_test() -> None:
    tested = {code for _fault, code, _line in FAULTS.values()}
    elsewhere = {
        "blank_line",
        "duplicate",
        "bad_iban",
        "no_new_balance_empty",
        "another_follows",
        "no_closing_date",
    }
    rare = {"is_gzip", "no_header", "wrong_debits"}
    assert tested | elsewhere | rare == set(TEXTS)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x1f\x8b\x08", "is_gzip"),
        (FILE + made(sequence=4).split(b"\n", 1)[1], "no_header"),
        (edit(FILE, 9, slice(35, 36), "1"), "wrong_debits"),
    ],
)
def test_the_rarer_faults(content: bytes, code: str) -> None:
    reading = coda.read(content)
    assert not reading.accepted
    assert code in codes(reading) or (code == "no_header" and "out_of_order" in codes(reading))


def test_the_texts_say_what_to_do() -> None:
    assert all(text.endswith(".") and len(text) > 20 for text in TEXTS.values())


@pytest.mark.parametrize(
    "content",
    [
        FILE.replace(b"\n", b"\r\n"),
        FILE.rstrip(b"\n"),
        b"\n".join(line.rstrip() if line[:1] != b"0" else line for line in FILE.split(b"\n")),
        FILE + b"\x1a",
    ],
    ids=["windows line ends", "no last line end", "trailing blanks cut", "end-of-file mark"],
)
def test_what_transports_do_to_a_file_is_forgiven(content: bytes) -> None:
    reading = coda.read(content)
    assert reading.accepted, reading.problems
    assert reading.statements == coda.read(FILE).statements


def test_a_copy_is_only_a_warning() -> None:
    reading = coda.read(edit(FILE, 0, slice(16, 17), "D"))
    assert reading.accepted
    assert codes(reading, "warning") == ["duplicate"]


def _globalised(detail_amounts: list[str]) -> bytes:
    """One line that a bank summed up, followed by its details."""
    plain = made(credit("30.00", reference="", text="samen")).decode("cp1252").split("\n")
    total = plain[2][:53] + "20150000" + plain[2][61:]
    details = []
    for number, amount in enumerate(detail_amounts, start=1):
        one = made(credit(amount)).decode("cp1252").split("\n")[2]
        details.append(f"210001{number:04d}" + one[10:53] + "60150000" + one[61:])
    body = [total, *plain[3:5], *details]
    trailer = plain[6][:16] + f"{len(body) + 2:06d}" + plain[6][22:]
    return "\n".join([*plain[:2], *body, plain[5], trailer]).encode("cp1252")


def test_the_details_of_a_summed_line_are_no_money_of_their_own() -> None:
    reading = coda.read(_globalised(["10.00", "20.00"]))
    assert reading.accepted, reading.problems
    [statement] = reading.statements
    [movement] = statement.movements
    assert movement.amount == Money.euros("30.00")
    assert [detail.amount for detail in movement.details] == [Money.euros("10.00"), Money.euros("20.00")]


def test_what_is_booked_is_the_details_where_they_explain_the_whole() -> None:
    [movement] = coda.read(_globalised(["10.00", "20.00"])).statements[0].movements
    assert [line.references for line in movement.lines()] == [(RIGHT,), (RIGHT,)]


def test_what_is_booked_is_the_line_itself_where_they_do_not() -> None:
    [movement] = coda.read(_globalised(["10.00", "19.00"])).statements[0].movements
    [line] = movement.lines()
    assert line == dataclasses.replace(movement, details=())


def test_the_inspection_is_json_with_one_movement_for_each_line_of_the_statement() -> None:
    told = coda.read(made(credit())).as_dict()
    assert told["format"] == "coda"
    assert told["accepted"] is True
    [statement] = told["statements"]
    assert statement["opening"] == "100.00"
    assert statement["movements"] == [
        {
            "amount": "4000.00",
            "entry_date": "2026-03-05",
            "value_date": "2026-03-05",
            "references": [RIGHT],
            "communication": ogm.pretty(RIGHT),
            "counterparty": {"name": "Bakkerij Korst", "account": "BE29999010000164"},
            "kind": "transfer",
        }
    ]


@settings(max_examples=300)
@given(st.binary(max_size=600))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    reading = coda.read(content)
    assert reading.accepted or reading.problems


@settings(max_examples=300)
@given(st.integers(0, len(FILE) - 1), st.binary(min_size=1, max_size=3))
def test_no_change_of_a_good_file_is_booked_with_other_amounts(place: int, put: bytes) -> None:
    """Whatever is overwritten: the file is refused, or what it says of money still adds up."""
    reading = coda.read(FILE[:place] + put + FILE[place + len(put) :])
    for statement in reading.statements if reading.accepted else ():
        moved = sum(movement.amount.cents for movement in statement.movements)
        assert statement.opening.cents + moved == statement.closing.cents
