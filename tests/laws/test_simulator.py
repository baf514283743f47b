"""The simulator: enterprises, a provider, a bank, clerks and a clock, in any order, with every fault we know.

Hypothesis chooses the steps. Everything goes through the real operations on a real database; the bank writes real
statement files and executes real payment files. After each step every law of money is proven; what was refused, or
killed half-way, must have changed nothing; and what was retried must have happened once.

    KMO_SIMULATOR_SEEDS=20000 ./kmo test -- tests/laws/test_simulator.py     a long run
    KMO_SIMULATOR_SEED=12345  ./kmo test -- tests/laws/test_simulator.py     the same steps again

A failure prints its steps and the seed. Each one found becomes a named test beside the operation that was wrong.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.world import ENTERPRISE, ENTERPRISE_IBAN, OTHER_ENTERPRISE, World

from portefeuille.applications import queries as applications
from portefeuille.applications.operations import submit as submitting
from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.operations.decide_by_hand import decide_by_hand
from portefeuille.applications.operations.lapse_overdue import lapse_overdue
from portefeuille.applications.operations.order_payment import order_payment
from portefeuille.applications.operations.stop import cancel
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.import_statement import Report, hand_in, import_file
from portefeuille.bank.operations.pay import hand_over, make_run, release
from portefeuille.bank.operations.settle_exception import assign, assign_to_funds, return_to_sender
from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.errors import FileRefused, Refusal
from portefeuille.core.formats import coda, ogm
from portefeuille.core.formats.coda_writer import Line
from portefeuille.core.ledger import Transfer
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.verification import verify

SEEDS = int(os.environ.get("KMO_SIMULATOR_SEEDS", "12"))
STEPS = int(os.environ.get("KMO_SIMULATOR_STEPS", "60"))
MOST_APPLICATIONS = 10
OTHER_IBAN = "BE95999020000258"

# Where the clock starts. The guide's rules: an ordinary spring, the week of daylight saving, a year end. The official
# series, where a deposit must be exact: an autumn, and the days before a year end that is a change of regime too.
STARTS = {
    "gids": (date(2026, 3, 2), date(2026, 3, 27), date(2025, 12, 27)),
    "kmo-portefeuille": (date(2025, 10, 1), date(2025, 12, 27)),
}
PRICES = ("100.00", "333.33", "501.01", "777.77", "1000.00", "1000.00", "2500.01", "9999.99", "20000.00")

# What a refusal or a kill must leave as it was. Files that were handed in are kept, refused or not.
TABLES = (
    "applications_application",
    "applications_ceilinguse",
    "applications_decision",
    "bank_bankaccount",
    "bank_bankexception",
    "bank_movement",
    "bank_paymentrun",
    "bank_statement",
    "budget_budget",
    "history_event",
    "history_idempotencykey",
    "messages_message",
    "wallet_payment",
    "wallet_transfer",
    "wallet_wallet",
)


# What all runs together came to: states of applications at their end, and transfers of each kind.
SEEN: Counter[str] = Counter()


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs, and the database forgets what was not committed."""


@contextmanager
def killed_at(statement: int) -> Iterator[None]:
    """Kill the operation just before its so-maniest statement of SQL.

    Not before one that only ends a transaction: here that would leave open what a lost connection rolls back.
    """
    left = statement

    def guard(execute: Callable[..., Any], sql: str, parameters: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if not sql.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE")):
            left -= 1
            if left == 0:
                raise Killed
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(guard):
        yield


def contents() -> str:
    """A fingerprint of every table of money and history."""
    rows = " UNION ALL ".join(
        f"SELECT '{table}' || md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
        for table in TABLES
    )
    with connection.cursor() as cursor:
        cursor.execute(rows)
        return " ".join(sorted(row for (row,) in cursor.fetchall()))  # the parts come in any order


@dataclass
class Simulation(World):
    """The world of the tests, with an hour of the day, both schemes and two enterprises."""

    hour: int = 10
    neighbour: Actor = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        for scheme in STARTS:
            for year in (2025, 2026, 2027):
                vote(scheme=scheme, year=year, amount=Money.euros(self.budget))
        self.neighbour = self.enterprise(OTHER_ENTERPRISE, "Fietsatelier", OTHER_IBAN)

    @property
    def now(self) -> datetime:
        """That hour, in Brussels."""
        return datetime.combine(self.day, time(self.hour, 59), tzinfo=BRUSSELS).astimezone(UTC)

    def owner(self, application: int) -> Actor:
        """Who applied."""
        number = self.view(application).enterprise_number
        return self.entrepreneur if number == ENTERPRISE else self.neighbour

    def iban(self, application: int) -> str:
        """Their account."""
        return ENTERPRISE_IBAN if self.owner(application) is self.entrepreneur else OTHER_IBAN


# How often each step is tried, in proportion. One draw chooses among all: were each step a rule of its own, Hypothesis
# would leave most of them out of most runs, and money would never get far.
WEIGHTS = {
    "a_good_day": 14,
    "applies": 5,
    "orders_payment": 4,
    "cancels": 3,
    "confirms_delivery": 2,
    "decides": 3,
    "government_pays_in": 1,
    "somebody_deposits": 6,
    "bank_takes_costs": 1,
    "bank_closes_the_day": 5,
    "provider_bank_sends_back": 5,
    "imports_the_next_statement": 8,
    "imports_one_again": 2,
    "imports_out_of_order": 1,
    "imports_a_damaged_file": 2,
    "pays": 3,
    "settles_an_exception": 4,
    "time_passes": 4,
    "night_falls": 3,
}


class Platform(RuleBasedStateMachine):
    """Who does what, one step at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.settings = override_settings()
        self.applications: list[int] = []
        self.waiting: list[bytes] = []  # statements that the bank made and nobody imported yet, oldest first
        self.booked: list[bytes] = []
        self.runs: list[int] = []

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        """Choose the scheme, the day and the year's credit."""
        self.data = data
        self.scheme = self.pick("scheme", *STARTS)
        self.settings = override_settings(SCHEME=self.scheme)
        self.settings.enable()
        self.world = Simulation(
            day=self.pick("start", *STARTS[self.scheme]),
            budget=self.pick("budget", *["1000000.00"] * 3, "2000.00"),
        )
        self.world.government_pays_in("20000.00")

    @rule(data=st.data())
    def step(self, data: st.DataObject) -> None:
        """Whatever comes next."""
        self.data = data
        name = self.pick("step", *(name for name, weight in WEIGHTS.items() for _ in range(weight)))
        SEEN[name] += 1
        getattr(self, name)()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            SEEN.update(str(self.world.view(number).state) for number in self.applications)
            with connection.cursor() as cursor:
                cursor.execute("SELECT code, count(*) FROM wallet_transfer GROUP BY code")
                SEEN.update({Transfer(code).name: count for code, count in cursor.fetchall()})
        self.settings.disable()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # -- choosing and trying ------------------------------------------------------------------------------------------

    def pick[Option](self, label: str, *options: Option) -> Option:
        return self.data.draw(st.sampled_from(options), label=label)

    def kill(self, longest: int) -> int:
        """Before which statement of SQL the next operation is killed; 0 most often, for not at all."""
        if self.pick("killed", False, False, True):
            return self.data.draw(st.integers(1, longest), label="at")
        return 0

    def one(self, *states: State) -> int | None:
        """An application, most often one in these states: those for which the step is meant."""
        meant = [number for number in self.applications if self.world.view(number).state in states]
        if not states or self.pick("any", *[False] * 4, True):
            meant = self.applications
        return self.pick("application", *meant) if meant else None

    def attempt[Answer](self, act: Callable[[], Answer], *, longest: int = 0) -> Answer | None:
        """Do it; a refusal changes nothing. Sometimes it is killed half-way first, which changes nothing either."""
        before = contents()
        kill = self.kill(longest) if longest else 0
        if kill:
            try:
                with killed_at(kill):
                    return act()  # it may be done before the kill can come
            except Killed:
                assert contents() == before, "a kill left something behind"
            except Refusal:
                assert contents() == before, "a refusal left something behind"
                return None
        try:
            return act()
        except Refusal:
            assert contents() == before, "a refusal left something behind"
            return None

    def same_again(self, act: Callable[[], object], answer: object) -> None:
        """The answer got lost and the request comes again: the same answer, and nothing else happens."""
        if self.pick("again", False, True):
            before = contents()
            assert (act(), contents()) == (answer, before)

    # -- how it should go -------------------------------------------------------------------------------------------

    def a_good_day(self) -> None:
        """Everybody does what is next for one application, so that the faults find money everywhere."""
        if not self.applications:
            return self.applies()
        application = self.pick("application", *self.applications)
        match self.world.view(application).state:
            case State.SUBMITTED:
                self.decide(application, grant=True)
            case State.APPROVED | State.PARTLY_FUNDED:
                wallet = wallets.wallet(application)
                due = wallet.figures.still_due
                self.deposit(application, self.pick("part", due, due, due.share(1, 2) or due))
            case State.FUNDED | State.PARTLY_PAID if held := wallets.wallet(application).figures.held:
                self.order(application, self.pick("amount", held, held, held.share(1, 2) or held))
                self.pays()
            case State.PAID:
                self.deliver(application)
            case _:
                return self.applies()
        self.every_law_holds()
        if self.pick("bank", True, True, False):
            self.bank_closes_the_day()
            while self.waiting:
                self.imports_the_next_statement()
        return None

    # -- enterprises ------------------------------------------------------------------------------------------------

    def applies(self) -> None:
        if len(self.applications) >= MOST_APPLICATIONS:
            return
        actor = self.pick("actor", self.world.entrepreneur, self.world.neighbour)
        start = self.world.day - timedelta(days=self.pick("late", 0, 0, 0, -3, 14, 15))
        more: dict[str, Any] = {"starts_on": start, "ends_on": start + timedelta(days=4)}
        if self.pick("service", "training", "training", "advice") == "advice":
            more |= {"service": "advice", "form": "", "recognition_number": "DV.A900502"}
        more["theme"] = self.pick("theme", "business_strategy", "cybersecurity")
        asked = self.world.asked(self.pick("price", *PRICES), **more)
        draft = submitting.start_draft(actor=actor, at=self.world.now)
        foretold = applications.preview(actor=actor, asked=asked, scheme=self.scheme, on=self.world.day)
        key = self.world.key()

        def submit() -> submitting.Submitted:
            return submitting.submit(actor=actor, application=draft, asked=asked, key=key, at=self.world.now)

        done = self.attempt(submit, longest=40)
        assert done is not None, "a complete application was not taken"
        self.applications.append(draft)
        [decision] = applications.decisions(draft)
        assert (decision.outcome, decision.decision.amounts) == (foretold.outcome, foretold.amounts), "law 10"
        assert decision.decision.digest == decision.digest, "law 9"
        self.same_again(submit, done)

    def orders_payment(self) -> None:
        application = self.one(State.FUNDED, State.PARTLY_FUNDED, State.PARTLY_PAID)
        if application is not None:
            wallet = wallets.find(application)
            held = wallet.figures.held if wallet else Money(100)
            self.order(
                application, self.pick("amount", held, held, held.share(1, 2), Money(1), held + Money(1))
            )

    def order(self, application: int, amount: Money) -> None:
        key, actor = self.world.key(), self.world.owner(application)
        wallet = wallets.find(application)
        reference = self.pick("reference", "", "", "+++123/4567/89002+++", "+++123/4567/89012+++")

        def act() -> int:
            return order_payment(
                actor=actor.proving(self.world.now),
                application=application,
                amount=amount,
                key=key,
                at=self.world.now,
                reference=reference,
            )

        payment = self.attempt(act, longest=20)
        if payment is not None:
            assert wallet is not None
            assert amount <= wallet.figures.held, "more left the wallet than it held"
            self.same_again(act, payment)

    def cancels(self) -> None:
        application = self.one(State.PARTLY_PAID, State.FUNDED, State.PARTLY_FUNDED, State.SUBMITTED)
        if application is not None:
            owner = self.world.owner(application)
            actor = self.pick("actor", owner, owner, self.world.neighbour, self.world.provider)
            stopped = self.attempt(
                lambda: cancel(actor=actor, application=application, at=self.world.now), longest=25
            )
            assert stopped is None or actor is owner, "somebody else cancelled it"

    # -- the provider and the office --------------------------------------------------------------------------------

    def confirms_delivery(self) -> None:
        application = self.one(State.PAID)
        if application is not None:
            self.deliver(application)

    def deliver(self, application: int) -> None:
        self.attempt(
            lambda: confirm_delivery(actor=self.world.provider, application=application, at=self.world.now),
            longest=8,
        )

    def decides(self) -> None:
        application = self.one(State.SUBMITTED)
        if application is not None:
            self.decide(application, grant=self.pick("grant", True, True, False))

    def decide(self, application: int, *, grant: bool) -> None:
        self.attempt(
            lambda: decide_by_hand(
                actor=self.world.office,
                application=application,
                grant=grant,
                reasons="Nagekeken.",
                at=self.world.now,
            ),
            longest=40,
        )

    # -- the bank ---------------------------------------------------------------------------------------------------

    def government_pays_in(self) -> None:
        self.world.government_pays_in(self.pick("amount", "0.01", "5000.00", "100000.00"))

    def deposit(self, application: int, amount: Money, *, text: str = "") -> None:
        self.world.bank.credit(
            amount,
            name="Onderneming",
            account=self.world.iban(application),
            reference="" if text else wallets.wallet(application).reference,
            text=text,
        )

    def somebody_deposits(self) -> None:
        application = self.one(State.APPROVED, State.PARTLY_FUNDED)
        wallet = wallets.find(application) if application is not None else None
        if application is None or wallet is None:
            return
        due, right = wallet.figures.still_due, wallet.reference
        amount = self.pick(
            "amount",
            due or Money(1),
            due.share(1, 2) or Money(1),
            Money(1),
            due + Money(12_345),
            wallet.figures.own_share,
        )
        words = self.pick(
            "words",
            "",
            "",
            f"opleiding {ogm.pretty(right)}",
            f"{right[:4]}{(int(right[4]) + 1) % 10}{right[5:]}",
            "opleiding",
            ogm.pretty(ogm.make(42)),
            " ".join(ogm.pretty(one.reference) for one in wallets.open_wallets()[:2]),
        )
        for _ in range(self.pick("times", 1, 1, 1, 2)):
            self.deposit(application, amount, text=words[:140])

    def bank_takes_costs(self) -> None:
        self.world.bank.waiting.append(Line(Money(-1234), name="Bank", text="kosten"))

    def bank_closes_the_day(self) -> None:
        self.waiting.append(self.world.bank.close_day(self.world.day))

    def provider_bank_sends_back(self) -> None:
        payments = [one for run in self.runs for one in wallets.payments_of_run(run)]
        paid = [one for one in payments if one.state == "paid"]
        if payments:
            payment = self.pick(
                "payment", *(paid if paid and self.pick("paid", True, True, False) else payments)
            )
            for _ in range(self.pick("times", 1, 1, 2)):
                self.world.bounce(payment.id)

    # -- the operator -------------------------------------------------------------------------------------------------

    def import_(self, content: bytes) -> Report:
        file = hand_in(actor=self.world.operator, name="x.cod", content=content, at=self.world.now)
        return import_file(actor=self.world.operator, file=file, at=self.world.now)

    def imports_the_next_statement(self) -> None:
        if self.waiting:
            content = self.waiting[0]
            report = self.attempt(lambda: self.import_(content), longest=60)
            assert report is not None, "a good statement was refused"
            assert report.statements == 1
            self.booked.append(self.waiting.pop(0))

    def imports_one_again(self) -> None:
        if self.booked:
            content, ledger = self.pick("statement", *self.booked), verify().digest
            report = self.import_(content)
            assert (report.statements, report.known_statements) == (0, 1)
            assert verify().digest == ledger, "a statement was booked twice"

    def imports_out_of_order(self) -> None:
        if (
            self.booked and len(self.waiting) > 1
        ):  # where nothing was booked yet, any statement may be the first
            assert self.attempt(lambda: self.import_(self.waiting[1])) is None

    def imports_a_damaged_file(self) -> None:
        """A character changed, or a line gone: refused whole, or never another sum of money."""
        if not self.waiting:
            return
        lines = self.waiting[0].split(b"\n")
        at = self.data.draw(st.integers(0, len(lines) - 2), label="line")
        if self.pick("gone", False, True):
            del lines[at]
        else:
            place = self.data.draw(st.integers(0, 127), label="place")
            lines[at] = lines[at][:place] + b"7" + lines[at][place + 1 :]
        damaged = b"\n".join(lines)
        if damaged == self.waiting[0]:
            return
        before, balance = contents(), self.closing(self.waiting[0])
        with transaction.atomic():
            try:
                self.import_(damaged)
            except FileRefused:
                assert contents() == before
            else:  # the damage was in words: it books, but not in this story
                self.every_law_holds()
                assert bank.account().balance == balance
                transaction.set_rollback(True)

    @staticmethod
    def closing(content: bytes) -> Money:
        return coda.read(content).statements[0].closing

    def pays(self) -> None:
        """Make a payment file; the bank executes it once, or by mistake twice."""
        run = self.attempt(lambda: make_run(actor=self.world.operator, at=self.world.now), longest=20)
        if run is not None:
            self.runs.append(run)
            release(actor=self.world.second_operator, run=run, at=self.world.now)
            first = hand_over(actor=self.world.operator, run=run, at=self.world.now)
            assert hand_over(actor=self.world.operator, run=run, at=self.world.now) == first
            for _ in range(self.pick("executed", 1, 1, 1, 2)):
                self.world.bank.execute(first)

    def settles_an_exception(self) -> None:
        waiting = bank.exceptions()
        if not waiting:
            return
        exception = self.pick("exception", *waiting).id
        application = self.one(State.APPROVED, State.PARTLY_FUNDED)
        how = self.pick("how", "assign", "assign", "funds", "return")
        given = {"actor": self.world.operator, "exception": exception, "at": self.world.now}

        def settle() -> object:
            if how == "return":
                return return_to_sender(**given)
            if how == "funds" or application is None:
                return assign_to_funds(**given)
            return assign(application=application, **given)

        self.attempt(settle, longest=25)
        if self.pick("two clerks", False, True):  # the other still sees the exception as it was
            self.attempt(settle)

    # -- the clock ----------------------------------------------------------------------------------------------------

    def time_passes(self) -> None:
        self.world.pass_days(self.pick("days", 0, 1, 1, 1, 2, 5, 14, 31))
        self.world.hour = self.pick("hour", 0, 2, 10, 23)

    def night_falls(self) -> None:
        """The job that lets lapse: killed half-way, the rest lapses the next night."""
        with suppress(Killed), killed_at(self.kill(30) or 10**9):
            lapse_overdue(at=self.world.now)

    # -- the laws -----------------------------------------------------------------------------------------------------

    @invariant()
    def every_law_holds(self) -> None:
        if hasattr(self, "world"):
            broken = [finding for finding in verify().findings if not finding.holds]
            assert not broken, broken

    @invariant()
    def the_books_are_where_the_bank_was_at_the_last_statement(self) -> None:
        if self.booked:
            assert bank.account().balance == self.closing(self.booked[-1])


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() or "unknown"


@pytest.mark.slow
def test_every_law_holds_whatever_happens(db: None) -> None:
    seed = int(os.environ.get("KMO_SIMULATOR_SEED") or random.SystemRandom().randrange(10**9))
    print(
        f"KMO_SIMULATOR_SEED={seed} KMO_SIMULATOR_SEEDS={SEEDS} KMO_SIMULATOR_STEPS={STEPS} commit {_commit()}"
    )
    run_state_machine_as_test(
        hypothesis.seed(seed)(Platform),
        settings=settings(
            max_examples=SEEDS,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(dict(SEEN.most_common()))
    assert SEEN["TOP_UP"], "the simulator only turned its thumbs"
    assert SEEN["PAID"], "nobody was ever paid"
