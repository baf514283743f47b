"""What CODA files hold beyond a plain deposit: every kind of structured communication, account and detail."""

from __future__ import annotations

import io
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from coda import CODA
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.formats import coda_records as records

from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.statement import Movement, Reading
from portefeuille.core.money import Money

RIGHT = ogm.make(4_100_000_001)
OTHER = ogm.make(4_100_000_002)
WRONG = f"{RIGHT[:-1]}{(int(RIGHT[-1]) + 1) % 10}"


def wrapped(digits: str) -> str:
    return f"RF{98 - int(digits + '271500') % 97:02d}{digits}"


def only(content: bytes) -> Movement:
    reading = coda.read(content)
    assert reading.accepted, reading.problems
    [statement] = reading.statements
    [movement] = statement.movements
    return movement


def codes(reading: Reading) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in reading.problems]


class TestReferences:
    def structured(self, kind: str, text: str) -> Movement:
        return only(records.statement(records.movement(5_000, structured=kind, text=text)))

    @pytest.mark.parametrize(("kind", "rebuilt"), [("101", False), ("102", True)])
    def test_one_given_and_one_that_the_bank_rebuilt(self, kind: str, rebuilt: bool) -> None:
        movement = self.structured(kind, RIGHT)
        assert movement.references == (RIGHT,)
        assert movement.reference_rebuilt is rebuilt

    @pytest.mark.parametrize("kind", ["101", "102"])
    def test_a_wrong_check_matches_nothing(self, kind: str) -> None:
        movement = self.structured(kind, WRONG)
        assert movement.references == ()
        assert not movement.reference_rebuilt

    def test_in_an_original_amount_it_straddles_two_records(self) -> None:
        content = "0" * 45 + RIGHT + "BE" + "0" * 15
        movement = self.structured("105", content)
        assert movement.references == (RIGHT,)

    def test_in_an_original_amount_digits_elsewhere_are_none(self) -> None:
        assert self.structured("105", RIGHT + "0" * 60).references == ()

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            (wrapped(RIGHT), (RIGHT,)),
            ("RF19" + RIGHT, ()),
            ("RF18539007547034A", ()),
            (RIGHT, ()),
            ("RF39KMO2026000017", ()),
        ],
    )
    def test_in_an_international_one_only_where_its_own_check_is_right(
        self, text: str, found: tuple[str, ...]
    ) -> None:
        assert self.structured("100", text).references == found

    @pytest.mark.parametrize("kind", ["103", "106", "108", "111", "113", "121", "126", "999", "   "])
    def test_other_kinds_hold_no_reference(self, kind: str) -> None:
        assert self.structured(kind, RIGHT).references == ()

    def test_in_a_direct_debit_it_is_in_the_free_part(self) -> None:
        text = "050326" + "1" + "1" + "0" + "CREDITEUR".ljust(35) + "MANDAAT".ljust(35) + ogm.pretty(RIGHT)
        assert self.structured("127", text).references == (RIGHT,)

    def test_spaces_at_the_seams_are_content(self) -> None:
        text = "a" * 52 + "  " + "b" * 51 + "  " + "c"
        movement = only(records.statement(records.movement(5_000, text=text)))
        assert movement.communication == text

    def test_an_account_number_in_free_text_is_no_reference(self) -> None:
        """Their check is the same: 737654321021 would pass."""
        text = "KREDIET 737-6543210-21 VAN BE68 5390 0754 7034"
        assert ogm.is_valid("737654321021")
        assert ogm.is_valid("539007547034")
        assert only(records.statement(records.movement(5_000, text=text))).references == ()


class TestTotals:
    """A line that a customer or a bank summed up is one movement; its details say to whom it belongs."""

    def total(self, kind: str, *details: tuple[int, str, str], whole: int) -> Movement:
        body = records.movement(whole, code=f"{kind}0150000", text="samen")
        for number, (thousandths, code, reference) in enumerate(details, start=1):
            body += records.movement(
                thousandths, detail=number, code=f"{code}0150000", structured="101", text=reference
            )
        return only(records.statement(body))

    @pytest.mark.parametrize(("kind", "detail"), [("1", "5"), ("2", "6")])
    def test_the_details_are_booked_and_their_references_told(self, kind: str, detail: str) -> None:
        movement = self.total(kind, (10_000, detail, RIGHT), (20_000, detail, OTHER), whole=30_000)
        assert movement.references == ()
        assert movement.as_dict()["references"] == [RIGHT, OTHER]
        assert [(str(line.amount), line.references) for line in movement.lines()] == [
            ("10.00", (RIGHT,)),
            ("20.00", (OTHER,)),
        ]

    def test_details_with_and_without_details_of_their_own(self) -> None:
        movement = self.total(
            "2",
            (10_000, "6", RIGHT),
            (20_000, "7", ""),
            (5_000, "9", OTHER),
            (15_000, "9", RIGHT),
            whole=30_000,
        )
        assert [str(line.amount) for line in movement.lines()] == ["10.00", "5.00", "15.00"]

    def test_a_detail_whose_own_details_do_not_sum_to_it_is_booked_itself(self) -> None:
        movement = self.total("2", (10_000, "6", RIGHT), (20_000, "7", ""), (5_000, "9", OTHER), whole=30_000)
        assert [str(line.amount) for line in movement.lines()] == ["10.00", "20.00"]

    def test_details_that_do_not_explain_the_whole_leave_it_whole(self) -> None:
        movement = self.total("2", (10_000, "6", RIGHT), whole=30_000)
        assert [str(line.amount) for line in movement.lines()] == ["30.00"]

    def test_a_single_movement_with_details_of_its_charges_is_one_sum_of_money(self) -> None:
        """Type 3: 60.10 gross, 0.10 of charges; 60.00 came in, and no more than that is a deposit."""
        body = records.movement(60_000, code="30150000", structured="101", text=RIGHT)
        body += records.movement(60_100, detail=1, code="80150100")
        body += records.movement(-100, detail=2, code="80150013")
        movement = only(records.statement(body))
        [line] = movement.lines()
        assert (str(line.amount), line.references) == ("60.00", (RIGHT,))

    def test_numbers_start_again_after_9999(self) -> None:
        """With more than 9,999 details the next ones bear 0000 and 0001: details still, and no money."""
        details = [
            record
            for number in range(1, 10_002)
            for record in records.movement(1_000, detail=number, code="60150000")[:1]
        ]
        content = records.statement([*records.movement(10_001_000, code="20150000"), *details])
        movement = only(content)
        assert len(list(movement.lines())) == 10_001

    def test_movements_start_again_after_9999(self) -> None:
        numbers = [9_998, 9_999, 10_000, 10_001]  # 9998, 9999, 0000, 0001
        content = records.statement(*(records.movement(1_000, sequence=one) for one in numbers))
        [statement] = coda.read(content).statements
        assert [movement.sequence for movement in statement.movements] == [9_998, 9_999, 0, 1]


class TestCounterparties:
    @pytest.mark.parametrize(
        ("field", "account"),
        [
            ("BE54805480215856".ljust(34) + "EUR", "BE54805480215856"),
            ("210005816416 EUR", "210005816416"),
            ("210005816416", "210005816416"),
            ("GB29NWBK60161331926819".ljust(34) + "GBP", "GB29NWBK60161331926819"),
            ("123456789".ljust(34) + "USD", "123456789"),
            ("", ""),
        ],
    )
    def test_an_account_in_any_form_without_its_currency(self, field: str, account: str) -> None:
        movement = only(records.statement(records.movement(5_000, account=field, name="X")))
        assert movement.counterparty_account == account

    def test_a_name_in_the_information_counts_where_the_movement_has_none(self) -> None:
        body = [*records.movement(5_000)[:2], records.information(structured="001", text="BAKKERIJ KORST")]
        assert only(records.statement(body)).counterparty_name == "BAKKERIJ KORST"
        named = [*records.movement(5_000, name="KORST BV"), records.information(structured="001", text="X")]
        assert only(records.statement(named)).counterparty_name == "KORST BV"

    def test_information_on_another_movement_names_nobody(self) -> None:
        body = [*records.movement(5_000)[:2], records.information(sequence=2, structured="001", text="X")]
        assert only(records.statement(body)).counterparty_name == ""


class TestAccounts:
    @pytest.mark.parametrize(
        ("structure", "account"),
        [
            ("0", "999000000171"),
            ("1", "1234567890ABC"),
            ("2", "BE49999000000171"),
            ("3", "MT84MALT011000012345MTLCAST001S"),
            ("3", "LC55HEMM000100010012001200023015"),
        ],
    )
    @pytest.mark.parametrize("currency", ["EUR", "USD"])
    def test_each_form_in_any_currency_is_read(self, structure: str, account: str, currency: str) -> None:
        """In which currency an account may be is for the import to say."""
        content = records.statement(
            records.movement(5_000), structure=structure, account=account, currency=currency
        )
        reading = coda.read(content)
        assert codes(reading) == []
        [statement] = reading.statements
        assert (statement.account, statement.currency) == (account, currency)

    def test_a_wrong_iban_is_a_warning(self) -> None:
        reading = coda.read(records.statement(account="BE11111111111111"))
        assert codes(reading) == [("bad_iban", "warning")]
        assert reading.accepted


class TestFiles:
    def test_an_empty_one_without_new_balance(self) -> None:
        for between in ([], [records.message()]):
            body = [records.old_balance(5_000), *between]
            reading = coda.read(records.content(records.header(), body, records.trailer(body)))
            assert codes(reading) == [("no_new_balance_empty", "warning")]
            [statement] = reading.statements
            assert statement.opening == statement.closing == Money.euros("5.00")

    def test_messages_come_after_the_new_balance(self) -> None:
        body = [records.old_balance(), records.new_balance(), records.message(), records.message()]
        assert codes(coda.read(records.content(records.header(), body, records.trailer(body)))) == []

    def test_a_moved_one_without_new_balance_is_refused_also_before_a_message(self) -> None:
        body = [records.old_balance(), *records.movement(5_000), records.message()]
        reading = coda.read(records.content(records.header(), body, records.trailer(body)))
        assert codes(reading) == [("no_new_balance", "error")]

    def test_another_that_follows_is_a_warning_only_at_the_end(self) -> None:
        first = records.statement(records.movement(5_000), last="1")
        second = records.statement(opening=105_000, sequence=4)
        assert codes(coda.read(first)) == [("another_follows", "warning")]
        assert codes(coda.read(first + second)) == []

    def test_a_header_for_some_applications_of_an_account_with_money_is_an_ordinary_one(self) -> None:
        body = [records.old_balance(1_000), *records.movement(5_000), records.new_balance(6_000)]
        content = records.content(records.header(application="00001"), body, records.trailer(body))
        assert coda.read(content).accepted

    def test_a_separate_application_says_one_thing(self) -> None:
        body = [
            records.old_balance(),
            *records.movement(1_000, detail=1, code="60150000"),
            records.new_balance(),
        ]
        reading = coda.read(records.content(records.header(application="00001"), body, records.trailer(body)))
        assert codes(reading) == [("separate_application", "error")]

    def test_a_line_cut_after_the_new_balance_is_enough(self) -> None:
        body = [records.old_balance(1_000), records.new_balance(1_000)]
        lines = [records.header(), body[0], body[1][:57], records.trailer(body)]
        reading = coda.read("\n".join(lines).encode())
        assert codes(reading) == []

    @pytest.mark.parametrize("cut", [56, 40, 1])
    def test_a_line_cut_before_what_it_needs_is_refused(self, cut: int) -> None:
        body = [records.old_balance(1_000), records.new_balance(1_000)]
        lines = [records.header(), body[0], body[1][:cut], records.trailer(body)]
        assert not coda.read("\n".join(lines).encode()).accepted

    def test_an_unknown_day_is_no_fault(self) -> None:
        content = records.statement(records.movement(5_000)).replace(b"050326003", b"000000003")
        reading = coda.read(content)
        assert reading.accepted
        [movement] = reading.statements[0].movements
        assert movement.entry_date.isoformat() == "2026-03-05"

    @pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
    @pytest.mark.parametrize("cut", [False, True])
    def test_accents_move_no_field(self, encoding: str, cut: bool) -> None:
        """Some files were saved again in another encoding: their lines have more bytes than characters."""
        body = records.movement(5_000, text="Théâtre d'Hélène €", name="NAAMï", account=records.IBAN)
        content = records.statement(body).decode("cp1252").encode(encoding)
        if cut:
            content = b"\n".join(line.rstrip() for line in content.split(b"\n"))
        movement = only(content)
        assert (movement.counterparty_name, movement.communication) == ("NAAMï", "Théâtre d'Hélène €")

    def test_a_byte_order_mark_is_no_record(self) -> None:
        assert coda.read(b"\xef\xbb\xbf" + records.statement(records.movement(5_000))).accepted

    def test_blank_lines_never_hide_a_fault(self) -> None:
        content = records.statement(records.movement(5_000)).split(b"\n")
        blank = [b""] * (2 * coda.MOST_PROBLEMS)
        reading = coda.read(b"\n".join([*content[:2], *blank, *content[3:]]))
        assert not reading.accepted
        assert len(reading.problems) <= 2 * coda.MOST_PROBLEMS

    def test_one_fault_is_told_once(self) -> None:
        """A new balance of another account is not also a missing one."""
        body = [records.old_balance(), records.new_balance(account="BE29999010000164")]
        reading = coda.read(records.content(records.header(), body, records.trailer(body)))
        assert codes(reading) == [("other_account", "error")]
        body = [records.old_balance(), records.new_balance()[:41] + "x" + records.new_balance()[42:]]
        reading = coda.read(records.content(records.header(), body, records.trailer(body)))
        assert codes(reading) == [("bad_sign", "error")]


_TEXT = st.text(alphabet="abcXYZ 0123456789/+-.é", max_size=149).map(str.rstrip)
_STRUCTURED = st.one_of(
    st.tuples(st.just(""), _TEXT),
    st.tuples(st.sampled_from(["101", "102"]), st.integers(0, 10**12 - 1).map(lambda one: f"{one:012d}")),
    st.tuples(st.sampled_from(["100", "103", "105", "127", "113"]), _TEXT.map(lambda text: text[:140])),
)


@st.composite
def _movements(draw: st.DrawFn) -> list[str]:
    """Some movements, singles and totals with their details, as a bank would number them."""
    body: list[str] = []
    for sequence in range(1, draw(st.integers(0, 6)) + 1):
        kind = draw(st.sampled_from("0012 3".replace(" ", "")))
        parts = draw(st.lists(st.integers(1, 10**7), min_size=1, max_size=4)) if kind != "0" else []
        sign = draw(st.sampled_from([1, -1]))
        whole = sign * 10 * (sum(parts) if parts else draw(st.integers(1, 10**9)))
        structured, text = draw(_STRUCTURED)
        body += records.movement(
            whole,
            sequence=sequence,
            code=f"{kind}0150000",
            structured=structured,
            text=text,
            name=draw(st.text(alphabet="abcé&", max_size=35)),
            account=draw(st.sampled_from(["", records.IBAN, "210005816416 EUR"])),
            end_to_end_id=draw(st.text(alphabet="ABC123-", max_size=35)),
        )
        detail = {"1": "5", "2": "6", "3": "8"}.get(kind, "")
        for number, part in enumerate(parts, start=1):
            body += records.movement(
                sign * 10 * part, sequence=sequence, detail=number, code=f"{detail}0150000", text="x"
            )
    return body


def _oracle(content: bytes) -> list[Any]:
    library = CODA(io.StringIO(content.decode("cp1252")))
    return list(library.statements)


@settings(max_examples=150, deadline=None)
@given(_movements(), st.integers(0, 10**9))
def test_what_the_library_reads_we_read_the_same(body: list[str], opening: int) -> None:
    content = records.statement(body, opening=10 * opening)
    [theirs] = _oracle(content)
    reading = coda.read(content)
    assert codes(reading) == []
    [ours] = reading.statements
    assert (ours.account, ours.currency) == (theirs.account, theirs.account_currency)
    assert (str(ours.opening), str(ours.closing)) == (
        f"{theirs.old_balance:.2f}",
        f"{theirs.new_balance:.2f}",
    )
    assert len(ours.movements) == len(theirs.moves)
    for movement, move in zip(ours.movements, theirs.moves, strict=True):
        assert str(movement.amount) == f"{move.amount:.2f}"
        assert (movement.entry_date, movement.value_date) == (move.entry_date, move.value_date)
        assert movement.end_to_end_id == move.customer_reference
        assert movement.counterparty_name == move.counterparty_name.strip()
        assert [str(detail.amount) for detail in movement.details] == [
            f"{one.amount:.2f}" for one in move.moves
        ]
        if move.communication_type is None:
            assert movement.communication == move.communication.strip()


@settings(max_examples=100)
@given(_movements(), st.data())
def test_a_damaged_file_is_refused_by_us_wherever_the_library_refuses_its_sums(
    body: list[str], data: st.DataObject
) -> None:
    """One digit of an amount, a balance or a total changed."""
    lines = records.statement(body).decode("cp1252").split("\n")
    places = [
        (number, place)
        for number, line in enumerate(lines)
        for place in {"1": range(44, 57), "2": range(33, 46), "8": range(43, 56), "9": range(23, 51)}.get(
            line[:1], ()
        )
        if line[:2] != "22" and line[:2] != "23" and (line[:1] != "2" or line[6:10] == "0000")
    ]
    number, place = data.draw(st.sampled_from(places))
    line = lines[number]
    changed = str((int(line[place]) + data.draw(st.integers(1, 9))) % 10)
    lines[number] = line[:place] + changed + line[place + 1 :]
    assert not coda.read("\n".join(lines).encode("cp1252")).accepted


def test_the_files_that_the_library_carries() -> None:
    """They travel with the package that the tests install, so this runs on any machine."""
    import coda as library

    folder = Path(library.__file__).parent
    reading = coda.read((folder / "CODA.txt").read_bytes())
    assert reading.accepted
    [statement] = reading.statements
    assert len(statement.movements) == 59
    assert (str(statement.opening), str(statement.closing)) == ("0.00", "9405296.99")
    empty = coda.read((folder / "CODA-empty.txt").read_bytes())
    assert empty.accepted
    assert codes(empty) == [
        ("bad_iban", "warning"),
        ("no_new_balance_empty", "warning"),
        ("another_follows", "warning"),
    ]


def test_an_inspection_has_exactly_these_keys() -> None:
    told = coda.read(records.statement(records.movement(-5_000, text="x"))).as_dict()
    assert list(told) == ["format", "accepted", "problems", "statements"]
    [statement] = told["statements"]
    assert list(statement) == ["account", "currency", "sequence", "opening", "closing", "movements"]
    [movement] = statement["movements"]
    assert list(movement) == [
        "amount",
        "entry_date",
        "value_date",
        "references",
        "communication",
        "counterparty",
        "kind",
    ]
    assert movement["amount"] == "-5.00"
    assert list(movement["counterparty"]) == ["name", "account"]
    refused = coda.read(b"x").as_dict()
    assert [list(problem) for problem in refused["problems"]] == [["line", "code", "text", "severity"]]
    assert refused["statements"] == []


def test_problems_come_in_the_order_of_their_lines_errors_first() -> None:
    content = records.statement(records.movement(5_000), account="BE11111111111111").replace(
        b"BANKREF", b"\nANKREF"
    )
    problems = coda.read(content).problems
    for kind in ("error", "warning"):
        places = [problem.line for problem in problems if problem.severity == kind]
        assert all(one <= other for one, other in pairwise(places))
