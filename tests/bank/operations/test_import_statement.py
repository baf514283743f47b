"""Booking statements: whole or not at all, once and only once, every line in its place."""

from __future__ import annotations

from datetime import date

import pytest
from tests.core.formats import coda_records as records
from tests.world import ENTERPRISE_IBAN, OPERATOR_IBAN, World

from portefeuille.bank import queries as bank
from portefeuille.bank.models import BankException, Movement, Statement, StatementFile
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.budget.models import Budget
from portefeuille.core.errors import FileRefused, NotAllowed
from portefeuille.core.formats import coda_writer, ogm
from portefeuille.core.formats.coda_writer import Line
from portefeuille.core.money import Money
from portefeuille.history.models import Event
from portefeuille.messages.models import Message
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.models import Transfer


def euros(text: str) -> Money:
    return Money.euros(text)


def test_the_report_counts_what_came_in(world: World) -> None:
    application = world.apply()
    world.government_pays_in()
    world.deposit(application, "4000.00")
    world.transfer("10.00", text="zonder mededeling")
    report = world.statement()
    assert (report.statements, report.movements, report.exceptions) == (1, 3, 1)
    assert dict(report.kinds) == {"funds": 1, "deposit": 2}
    assert bank.account().balance == world.bank.balance == euros("104010.00")
    world.prove()


def test_an_empty_statement_is_booked(world: World) -> None:
    report = world.statement()
    assert (report.statements, report.movements) == (1, 0)
    assert bank.account().covered_until == world.day


def test_the_same_file_again_adds_nothing(world: World) -> None:
    application = world.apply()
    world.deposit(application, "4000.00")
    content = world.bank.close_day(world.day)
    world.book(content)
    again = world.book(content)
    assert (again.statements, again.known_statements, again.movements) == (0, 1, 0)
    assert world.figures(application).deposited == euros("4000.00")
    assert Statement.objects.count() == 1
    world.prove()


def test_the_same_upload_imported_twice_adds_nothing(world: World) -> None:
    application = world.apply()
    world.deposit(application, "4000.00")
    file = hand_in(actor=world.operator, name="x", content=world.bank.close_day(world.day), at=world.now)
    import_file(actor=world.operator, file=file, at=world.now)
    import_file(actor=world.operator, file=file, at=world.now)
    assert world.figures(application).deposited == euros("4000.00")


def test_one_unknown_line_in_500_does_not_block_the_others(world: World) -> None:
    """F6: 499 booked, 1 in the queue; importing again adds nothing."""
    application = world.apply()
    for _ in range(499):
        world.deposit(application, "1.00")
    world.transfer("1.00", text="wie ben ik")
    content = world.bank.close_day(world.day)
    assert world.book(content).exceptions == 1
    assert world.figures(application).deposited == euros("499.00")
    world.book(content)
    assert (Movement.objects.count(), BankException.objects.count()) == (500, 1)
    world.prove()


def test_a_malformed_file_is_refused_whole_and_nothing_is_sent(world: World) -> None:
    """F7."""
    application = world.apply()
    letters = Message.objects.count()
    world.deposit(application, "4000.00")
    world.deposit(application, "1000.00")
    content = world.bank.close_day(world.day).replace(b"0000000001000000050326", b"00000000O1000000050326")
    content = content.replace(b"000000001000000", b"00000000100000x", 1)
    with pytest.raises(FileRefused, match="niet geboekt"):
        world.book(content)
    assert Transfer.objects.count() == Movement.objects.count() == 0
    assert Message.objects.count() == letters
    [file] = bank.files()
    assert file.state == "refused"
    assert file.report["problems"]


def test_a_statement_of_another_account_is_refused(world: World) -> None:
    content = coda_writer.write(
        account=ENTERPRISE_IBAN, holder="X", sequence=1, day=world.day, opening=Money.ZERO, lines=[]
    )
    with pytest.raises(FileRefused, match="geen rekening van de portefeuille"):
        world.book(content)


def test_a_missing_statement_is_noticed(world: World) -> None:
    world.government_pays_in()
    world.bank.close_day(world.day)
    world.transfer("5.00")
    with pytest.raises(FileRefused, match="ontbreekt een uittreksel"):
        world.statement()
    assert Statement.objects.count() == 0


def test_a_statement_that_is_older_than_the_last_is_refused(world: World) -> None:
    world.statement()
    content = coda_writer.write(
        account=OPERATOR_IBAN, holder="X", sequence=9, day=date(2026, 3, 1), opening=Money.ZERO, lines=[]
    )
    with pytest.raises(FileRefused, match="in volgorde"):
        world.book(content)


def test_the_same_number_with_other_content_is_refused(world: World) -> None:
    world.statement()
    lines = [Line(euros("1.00"), account=ENTERPRISE_IBAN), Line(euros("-1.00"), account=ENTERPRISE_IBAN)]
    content = coda_writer.write(
        account=OPERATOR_IBAN, holder="X", sequence=1, day=world.day, opening=Money.ZERO, lines=lines
    )
    with pytest.raises(FileRefused, match="al geboekt, met een andere inhoud"):
        world.book(content)


def test_the_same_number_told_otherwise_is_said_to_be_just_that(world: World) -> None:
    """Not that a statement is missing, although its opening balance no longer fits."""
    world.government_pays_in("5.00")
    world.statement()
    lines = [Line(euros("6.00"), account=ENTERPRISE_IBAN)]
    content = coda_writer.write(
        account=OPERATOR_IBAN, holder="X", sequence=1, day=world.day, opening=Money.ZERO, lines=lines
    )
    with pytest.raises(FileRefused, match="met een andere inhoud"):
        world.book(content)


def test_a_second_statement_in_the_file_that_is_wrong_undoes_the_first(world: World) -> None:
    application = world.apply()
    world.deposit(application, "4000.00")
    good = world.bank.close_day(world.day)
    wrong = coda_writer.write(
        account=OPERATOR_IBAN, holder="X", sequence=2, day=world.day, opening=euros("1.00"), lines=[]
    )
    with pytest.raises(FileRefused):
        world.book(good + wrong)
    assert Statement.objects.count() == Transfer.objects.count() == 0


def test_two_equal_deposits_on_one_statement_are_both_booked(world: World) -> None:
    """F9."""
    application = world.apply()
    world.deposit(application, "100.00")
    world.deposit(application, "100.00")
    world.statement()
    assert world.figures(application).deposited == euros("200.00")
    world.prove()


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"text": "opleiding"}, "no_reference"),
        ({"reference": ogm.make(42)}, "unknown_reference"),
    ],
)
def test_what_finds_no_wallet_waits_with_its_reason(world: World, how: dict[str, str], reason: str) -> None:
    world.transfer("2000.00", **how)
    world.statement()
    [waiting] = bank.exceptions()
    assert (waiting.reason, waiting.left, waiting.counterparty_account) == (
        reason,
        euros("2000.00"),
        ENTERPRISE_IBAN,
    )
    world.prove()


def test_two_references_of_ours_in_one_text_are_never_guessed_between(world: World) -> None:
    first, second = world.apply("1000.00"), world.apply("1000.00")
    both = " ".join(ogm.pretty(wallets.wallet(one).reference) for one in (first, second))
    world.transfer("600.00", text=both)
    world.statement()
    [waiting] = bank.exceptions()
    assert waiting.reason == "no_reference"
    assert world.figures(first).deposited == world.figures(second).deposited == Money.ZERO


def test_a_strange_reference_beside_ours_does_not_hide_it(world: World) -> None:
    application = world.apply("1000.00")
    text = f"{ogm.pretty(ogm.make(7))} {ogm.pretty(wallets.wallet(application).reference)}"
    world.transfer("600.00", text=text)
    world.statement()
    assert world.figures(application).deposited == euros("600.00")


def test_what_exceeds_the_own_share_waits(world: World) -> None:
    application = world.apply("1000.00")
    world.deposit(application, "700.00")
    world.statement()
    [waiting] = bank.exceptions()
    assert (waiting.reason, waiting.amount) == ("too_much", euros("100.00"))
    world.prove()


def test_a_deposit_after_the_last_day_waits(world: World) -> None:
    application = world.apply("1000.00")
    world.pass_days(31)
    world.deposit(application, "600.00")
    world.statement()
    [waiting] = bank.exceptions()
    assert waiting.reason == "too_late"


def test_a_debit_that_nobody_ordered_is_noticed(world: World) -> None:
    world.government_pays_in("100.00")
    world.bank.waiting.append(Line(euros("-12.34"), name="Bank", text="kosten"))
    world.statement()
    [waiting] = bank.exceptions()
    assert (waiting.reason, waiting.left) == ("unknown_debit", euros("-12.34"))
    world.prove()


def test_a_confirmation_of_another_amount_is_not_believed(world: World) -> None:
    application = world.funded()
    payment = world.order(application)
    world.pay()
    world.bank.waiting[-1] = Line(
        euros("-9999.99"),
        account=ENTERPRISE_IBAN,
        end_to_end_id=wallets.payments_by_id([payment])[payment].end_to_end_id,
    )
    world.statement()
    [waiting] = bank.exceptions()
    assert waiting.reason == "unknown_debit"
    assert world.figures(application).paid == Money.ZERO
    world.prove()


def test_a_refund_that_came_back_waits_for_the_right_account(world: World) -> None:
    from portefeuille.applications.operations.stop import cancel

    application = world.apply()
    world.deposit(application, "6000.00")
    world.statement()
    cancel(actor=world.entrepreneur, application=application, at=world.now)
    world.pay()
    world.statement()
    [refund] = [one for one in wallets.payments(application) if one.kind == "refund"]
    world.bounce(refund.id)
    world.statement()
    [waiting] = bank.exceptions()
    assert (waiting.reason, waiting.left) == ("bounced_refund", euros("6000.00"))
    world.prove()


def test_progress_is_told_while_the_lines_are_read(world: World) -> None:
    application = world.apply()
    for _ in range(5_001):
        world.deposit(application, "0.01")
    told: list[tuple[int, int]] = []
    file = hand_in(actor=world.operator, name="x", content=world.bank.close_day(world.day), at=world.now)
    import_file(
        actor=world.operator, file=file, at=world.now, progress=lambda done, total: told.append((done, total))
    )
    assert told == [(5_000, 5_001)]
    assert StatementFile.objects.get(pk=file).done_lines == 5_001
    assert world.figures(application).deposited == euros("50.01")


def test_only_the_operator_imports(world: World) -> None:
    with pytest.raises(NotAllowed):
        hand_in(actor=world.entrepreneur, name="x", content=b"", at=world.now)


class TestTheChain:
    """The next number, in euro, from where the last one ended."""

    def test_a_number_that_is_skipped_is_noticed_although_the_balance_fits(self, world: World) -> None:
        world.statement()
        world.bank.close_day(world.day)
        with pytest.raises(FileRefused, match="Uittreksel 3 volgt niet op uittreksel 1"):
            world.statement()
        assert Statement.objects.count() == 1

    def test_the_bank_starts_at_one_in_a_new_year(self, world: World) -> None:
        world.day = date(2026, 12, 31)
        world.statement()
        world.statement()
        world.day = date(2027, 1, 4)
        world.bank.sequence = 0
        assert world.statement().statements == 1

    def test_or_goes_on_counting(self, world: World) -> None:
        world.day = date(2026, 12, 31)
        world.statement()
        world.day = date(2027, 1, 4)
        assert world.statement().statements == 1

    def test_in_the_same_year_it_does_not_start_again(self, world: World) -> None:
        world.statement()
        world.statement()
        world.pass_days(1)
        world.bank.sequence = 0
        with pytest.raises(FileRefused, match="volgt niet op"):
            world.statement()

    def test_after_999_comes_000(self, world: World) -> None:
        world.bank.sequence = 998
        world.statement()
        assert world.statement().statements == 1

    def test_another_currency_is_not_booked(self, world: World) -> None:
        content = world.bank.close_day(world.day).replace(b"   EUR", b"   USD")
        with pytest.raises(FileRefused, match="alleen EUR"):
            world.book(content)

    def test_a_copy_with_other_references_of_the_bank_is_the_same(self, world: World) -> None:
        application = world.apply()
        world.deposit(application, "100.00")
        content = world.bank.close_day(world.day)
        world.book(content)
        copy = content.replace(b"KMO000000000000000001", b"ANDERS000000000000001")
        assert copy != content
        assert world.book(copy).known_statements == 1

    def test_the_same_number_with_other_content_shows_both(self, world: World) -> None:
        world.government_pays_in("5.00")
        world.statement()
        world.bank.sequence, world.bank.balance = 0, Money.ZERO
        world.government_pays_in("6.00")
        with pytest.raises(
            FileRefused,
            match=r"Geboekt is van € 0,00 naar € 5,00, 1 bewegingen; dit bestand zegt van € 0,00 naar € 6,00",
        ):
            world.statement()


def test_a_job_that_runs_again_after_its_commit_leaves_the_report_as_it_was(world: World) -> None:
    application = world.apply()
    world.deposit(application, "4000.00")
    file = hand_in(actor=world.operator, name="x", content=world.bank.close_day(world.day), at=world.now)
    first = import_file(actor=world.operator, file=file, at=world.now)
    again = import_file(actor=world.operator, file=file, at=world.now)
    assert again == first
    assert bank.file(file).report == first.as_dict()
    assert Event.objects.filter(verb="import_statement").count() == 1


def test_a_reference_that_the_bank_rebuilt_is_matched_and_told_in_the_history(world: World) -> None:
    application = world.apply()
    world.deposit(application, "100.00")
    world.deposit(application, "200.00")
    content = world.bank.close_day(world.day)
    world.book(content.replace(b"1101", b"1102", 1))
    facts = [event.facts for event in Event.objects.filter(verb="deposit").order_by("id")]
    assert [(told["deposit"], told.get("reference_rebuilt_by_bank")) for told in facts] == [
        ("100.00", True),
        ("200.00", None),
    ]


def test_the_details_of_a_summed_line_each_find_their_wallet(world: World) -> None:
    first, second = world.apply("1000.00"), world.apply("1000.00")
    body = records.movement(900_000, code="20150000", text="samen")
    for number, (application, thousandths) in enumerate([(first, 600_000), (second, 300_000)], start=1):
        body += records.movement(
            thousandths,
            detail=number,
            code="60150000",
            structured="101",
            text=wallets.wallet(application).reference,
            account=ENTERPRISE_IBAN,
        )
    report = world.book(records.statement(body, opening=0, account=OPERATOR_IBAN))
    assert (report.movements, report.exceptions) == (2, 0)
    assert world.figures(first).deposited == euros("600.00")
    assert world.figures(second).deposited == euros("300.00")
    assert bank.account().balance == euros("900.00")
    world.prove()


class TestOurPaymentsOnAStatement:
    """Settled once, whatever the bank does with them and whatever strangers write in the ids of their transfers."""

    @pytest.fixture
    def funded(self, world: World) -> int:
        return world.funded()

    def test_a_payment_made_twice_is_settled_once(self, world: World, funded: int) -> None:
        world.order(funded, "4000.00")
        world.pay()
        world.bank.waiting.append(world.bank.waiting[-1])
        world.statement()
        assert world.figures(funded).paid == euros("4000.00")
        [waiting] = bank.exceptions()
        assert (waiting.reason, waiting.left) == ("unknown_debit", euros("-4000.00"))
        world.prove()

    def test_a_payment_made_and_returned_on_one_statement_is_both(self, world: World, funded: int) -> None:
        payment = world.order(funded, "4000.00")
        world.pay()
        world.bounce(payment)
        world.statement()
        assert wallets.payments_by_id([payment])[payment].state == "bounced"
        assert world.figures(funded).held == euros("10000.00")
        assert bank.exceptions() == []
        world.prove()

    def test_a_payment_returned_twice_comes_back_once(self, world: World, funded: int) -> None:
        payment = world.order(funded, "4000.00")
        world.pay()
        world.statement()
        world.bounce(payment)
        world.bounce(payment)
        world.statement()
        assert world.figures(funded).held == euros("10000.00")
        [waiting] = bank.exceptions()
        assert waiting.left == euros("4000.00")
        world.prove()

    def test_a_transfer_that_only_bears_its_id_has_not_come_back(self, world: World, funded: int) -> None:
        payment = world.order(funded, "4000.00")
        world.pay()
        world.statement()
        end_to_end_id = wallets.payments_by_id([payment])[payment].end_to_end_id
        world.bank.waiting.append(
            Line(euros("4000.00"), account=ENTERPRISE_IBAN, end_to_end_id=end_to_end_id)
        )
        world.statement()
        assert world.figures(funded).paid == euros("4000.00")
        [waiting] = bank.exceptions()
        assert waiting.reason == "no_reference"
        world.prove()

    @pytest.mark.parametrize("strange", ["KMOP" + "9" * 31, "KMOP1", "KMOPx", "KMOP"])
    def test_an_id_that_can_not_be_ours_stops_nothing(self, world: World, strange: str) -> None:
        world.bank.waiting.append(Line(euros("1.00"), account=ENTERPRISE_IBAN, end_to_end_id=strange))
        assert world.statement().exceptions == 1

    def test_what_comes_back_to_a_stopped_application_goes_on_to_its_owners(
        self, world: World, funded: int
    ) -> None:
        from portefeuille.applications.operations.stop import cancel

        payment = world.order(funded, "5000.00")
        world.pay()
        world.statement()
        cancel(actor=world.entrepreneur, application=funded, at=world.now)
        world.bounce(payment)
        world.statement()
        assert bank.exceptions() == []
        figures = world.figures(funded)
        assert (figures.refunded, figures.returned, figures.held) == (
            euros("6000.00"),
            euros("4000.00"),
            Money.ZERO,
        )
        assert Budget.objects.get().committed_cents == 0
        assert Message.objects.filter(kind="sent_back").count() == 1
        assert world.view(funded).state == "cancelled"
        world.prove()
        world.pay()
        world.statement()
        assert world.bank.balance == euros("100000.00")
        world.prove()
