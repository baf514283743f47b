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
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
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
    precondition,
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
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.bank.operations.pay import hand_over, make_run
from portefeuille.bank.operations.settle_exception import assign, assign_to_funds, return_to_sender
from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.errors import FileRefused, Refusal
from portefeuille.core.formats import ogm
from portefeuille.core.formats.coda_writer import Line
from portefeuille.core.ledger import Transfer
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity.roles import Actor
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.verification import verify

SEEDS = int(os.environ.get("KMO_SIMULATOR_SEEDS", "12"))
STEPS = int(os.environ.get("KMO_SIMULATOR_STEPS", "60"))
OTHER_IBAN = "BE95999020000258"

# Where the clock starts: an ordinary spring, the week of daylight saving, a year end, a change of regime.
STARTS = (date(2026, 3, 2), date(2026, 3, 27), date(2025, 12, 27), date(2026, 1, 29))
SCHEMES = ("gids", "kmo-portefeuille")
PRICES = ("100.00", "333.33", "1000.00", "2500.01", "4000.00", "9999.99", "10000.00", "20000.00")

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
        left -= not sql.startswith(("SAVEPOINT", "ROLLBACK", "RELEASE"))
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
        return " ".join(row for (row,) in cursor.fetchall())


@dataclass
class Simulation(World):
    """The world of the tests, with an hour of the day, both schemes and two enterprises."""

    hour: int = 10
    neighbour: Actor = field(init=False)

    def __post_init__(self) -> None:
        super().__post_init__()
        for scheme in SCHEMES:
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


class Platform(RuleBasedStateMachine):
    """Who does what, one step at a time."""

    world: Simulation

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.settings = override_settings()
        self.applications: list[int] = []
        self.waiting: list[bytes] = []  # statements that the bank made and nobody imported yet, oldest first
        self.booked: list[bytes] = []
        self.runs: list[int] = []
        self.bank_has = 0  # payments that the bank was ever asked to make

    @initialize(
        scheme=st.sampled_from(SCHEMES),
        start=st.sampled_from(STARTS),
        budget=st.sampled_from(["1000000.00", "1000000.00", "5000.00"]),
    )
    def begin(self, scheme: str, start: date, budget: str) -> None:
        self.settings = override_settings(SCHEME=scheme)
        self.settings.enable()
        self.scheme = scheme
        self.world = Simulation(day=start, budget=budget)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            SEEN.update(str(self.world.view(number).state) for number in self.applications)
            with connection.cursor() as cursor:
                cursor.execute("SELECT code, count(*) FROM wallet_transfer GROUP BY code")
                SEEN.update({Transfer(code).name: count for code, count in cursor.fetchall()})
        self.settings.disable()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    # -- trying ---------------------------------------------------------------------------------------------------

    def attempt[Answer](self, act: Callable[[], Answer], *, kill: int = 0) -> Answer | None:
        """Do it; a refusal changes nothing. With ``kill`` it is killed half-way first, which changes nothing either."""
        before = contents()
        if kill:
            try:
                with killed_at(kill):
                    answer = act()
            except Killed:
                assert contents() == before, "a kill left something behind"
            except Refusal:
                assert contents() == before, "a refusal left something behind"
                return None
            else:
                return answer  # it was done before the kill could come
        try:
            return act()
        except Refusal:
            assert contents() == before, "a refusal left something behind"
            return None

    def one(self, data: st.DataObject, *states: State) -> int | None:
        """One application in one of these states (any when none is named)."""
        found = [
            number for number in self.applications if not states or self.world.view(number).state in states
        ]
        return data.draw(st.sampled_from(found), label="application") if found else None

    # -- enterprises ------------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.applications) < 8)
    @rule(
        price=st.sampled_from(PRICES),
        is_neighbour=st.booleans(),
        is_training=st.booleans(),
        late=st.integers(-3, 16),
        kill=st.integers(0, 40),
        again=st.booleans(),
    )
    def applies(
        self, price: str, is_neighbour: bool, is_training: bool, late: int, kill: int, again: bool
    ) -> None:
        actor = self.world.neighbour if is_neighbour else self.world.entrepreneur
        start = date.fromordinal(self.world.day.toordinal() - late)
        more: dict[str, Any] = {"starts_on": start, "ends_on": date.fromordinal(start.toordinal() + 4)}
        if not is_training:
            more |= {"service": "advice", "form": "", "recognition_number": "DV.A900502"}
        asked = self.world.asked(price, **more)
        draft = submitting.start_draft(actor=actor, at=self.world.now)
        foretold = applications.preview(actor=actor, asked=asked, scheme=self.scheme, on=self.world.day)
        key = self.world.key()
        done = self.attempt(
            lambda: submitting.submit(
                actor=actor, application=draft, asked=asked, key=key, at=self.world.now
            ),
            kill=kill,
        )
        if done is None:
            return
        self.applications.append(draft)
        [decision] = applications.decisions(draft)
        assert (decision.outcome, decision.decision.amounts) == (foretold.outcome, foretold.amounts), "law 10"
        assert decision.decision.digest == decision.digest, "law 9"
        if again:  # the answer got lost, and the browser sends it again
            before = contents()
            repeated = submitting.submit(
                actor=actor, application=draft, asked=asked, key=key, at=self.world.now
            )
            assert (repeated, contents()) == (done, before)

    @rule(
        data=st.data(),
        part=st.sampled_from(["all", "half", "cent", "more"]),
        kill=st.integers(0, 20),
        again=st.booleans(),
        reference=st.sampled_from(["", "", "+++123/4567/89002+++", "+++123/4567/89012+++"]),
    )
    def orders_payment(self, data: st.DataObject, part: str, kill: int, again: bool, reference: str) -> None:
        application = self.one(data)
        if application is None:
            return
        wallet = wallets.find(application)
        held = wallet.figures.held if wallet else Money(100)
        amount = {
            "all": held,
            "half": held.share(1, 2),
            "cent": Money(1),
            "more": held + Money(1),
        }[part]
        key, actor = self.world.key(), self.world.owner(application)

        def order() -> int:
            return order_payment(
                actor=actor,
                application=application,
                amount=amount,
                key=key,
                at=self.world.now,
                reference=reference,
            )

        payment = self.attempt(order, kill=kill)
        assert payment is None or part != "more", "more left the wallet than it held"
        if payment is not None and again:
            before = contents()
            assert (order(), contents()) == (payment, before)

    @rule(data=st.data(), kill=st.integers(0, 25), by_neighbour=st.booleans())
    def cancels(self, data: st.DataObject, kill: int, by_neighbour: bool) -> None:
        application = self.one(data)
        if application is None:
            return
        owner = self.world.owner(application)
        actor = self.world.neighbour if by_neighbour else owner
        stopped = self.attempt(
            lambda: cancel(actor=actor, application=application, at=self.world.now), kill=kill
        )
        assert stopped is None or actor is owner, "somebody else cancelled it"

    # -- the provider and the office --------------------------------------------------------------------------------

    @rule(data=st.data(), kill=st.integers(0, 8))
    def confirms_delivery(self, data: st.DataObject, kill: int) -> None:
        application = self.one(data)
        if application is not None:
            self.attempt(
                lambda: confirm_delivery(
                    actor=self.world.provider, application=application, at=self.world.now
                ),
                kill=kill,
            )

    @rule(data=st.data(), grant=st.sampled_from([True, True, False]), kill=st.integers(0, 40))
    def decides(self, data: st.DataObject, grant: bool, kill: int) -> None:
        application = self.one(data, State.SUBMITTED)
        if application is not None:
            self.attempt(
                lambda: decide_by_hand(
                    actor=self.world.office,
                    application=application,
                    grant=grant,
                    reasons="Nagekeken.",
                    at=self.world.now,
                ),
                kill=kill,
            )

    # -- the bank ---------------------------------------------------------------------------------------------------

    @rule(amount=st.sampled_from(["0.01", "5000.00", "100000.00"]))
    def government_pays_in(self, amount: str) -> None:
        self.world.government_pays_in(amount)

    @rule(
        data=st.data(),
        part=st.sampled_from(["due", "due", "half", "cent", "too much", "all at once"]),
        how=st.sampled_from(["structured", "structured", "printed", "mistyped", "none", "unknown", "two"]),
        times=st.sampled_from([1, 1, 1, 2]),
    )
    def somebody_deposits(self, data: st.DataObject, part: str, how: str, times: int) -> None:
        application = self.one(data)
        wallet = wallets.find(application) if application is not None else None
        if application is None or wallet is None:
            return
        due, own = wallet.figures.still_due, wallet.figures.own_share
        amount = {
            "due": due or Money(1),
            "half": due.share(1, 2) or Money(1),
            "cent": Money(1),
            "too much": due + Money(12_345),
            "all at once": own,
        }[part]
        right = wallet.reference
        words: dict[str, str] = {
            "structured": "",
            "printed": f"opleiding {ogm.pretty(right)}",
            "mistyped": f"{right[:4]}{(int(right[4]) + 1) % 10}{right[5:]}",
            "none": "opleiding",
            "unknown": ogm.pretty(ogm.make(42)),
            "two": " ".join(ogm.pretty(one.reference) for one in wallets.open_wallets()[:2]),
        }
        for _ in range(times):
            self.world.bank.credit(
                amount,
                name="Onderneming",
                account=self.world.iban(application),
                reference=right if how == "structured" else "",
                text=words[how][:140],
            )

    @rule()
    def bank_takes_costs(self) -> None:
        self.world.bank.waiting.append(Line(Money(-1234), name="Bank", text="kosten"))

    @rule()
    def bank_closes_the_day(self) -> None:
        self.waiting.append(self.world.bank.close_day(self.world.day))

    @precondition(lambda self: self.runs)
    @rule(data=st.data(), times=st.sampled_from([1, 1, 2]))
    def provider_bank_sends_back(self, data: st.DataObject, times: int) -> None:
        run = data.draw(st.sampled_from(self.runs), label="run")
        payment = data.draw(st.sampled_from(wallets.payments_of_run(run)), label="payment")
        for _ in range(times):
            self.world.bounce(payment.id)

    # -- the operator -------------------------------------------------------------------------------------------------

    def import_(self, content: bytes) -> Any:
        file = hand_in(actor=self.world.operator, name="x.cod", content=content, at=self.world.now)
        return import_file(actor=self.world.operator, file=file, at=self.world.now)

    @precondition(lambda self: self.waiting)
    @rule(kill=st.integers(0, 60))
    def imports_the_next_statement(self, kill: int) -> None:
        content = self.waiting[0]
        report = self.attempt(lambda: self.import_(content), kill=kill)
        assert report is not None, "a good statement was refused"
        assert report.statements == 1
        self.booked.append(self.waiting.pop(0))

    @precondition(lambda self: self.booked)
    @rule(data=st.data())
    def imports_one_again(self, data: st.DataObject) -> None:
        content = data.draw(st.sampled_from(self.booked), label="statement")
        ledger = verify().digest
        report = self.import_(content)
        assert (report.statements, report.known_statements) == (0, 1)
        assert verify().digest == ledger, "a statement was booked twice"

    @precondition(lambda self: self.booked and len(self.waiting) > 1)
    @rule()
    def imports_out_of_order(self) -> None:
        assert self.attempt(lambda: self.import_(self.waiting[1])) is None

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def imports_a_damaged_file(self, data: st.DataObject) -> None:
        """A digit of an amount or balance changed, or a line gone: refused whole, or never another sum of money."""
        lines = self.waiting[0].split(b"\n")
        at = data.draw(st.integers(0, len(lines) - 2), label="line")
        if data.draw(st.booleans(), label="gone"):
            del lines[at]
        else:
            place = data.draw(st.integers(0, 127), label="place")
            lines[at] = lines[at][:place] + b"7" + lines[at][place + 1 :]
        damaged = b"\n".join(lines)
        if damaged == self.waiting[0]:
            return
        before = contents()
        with transaction.atomic():
            try:
                self.import_(damaged)
            except FileRefused:
                assert contents() == before
            else:  # the damage was in words; it books, but not in this story
                transaction.set_rollback(True)

    @rule(kill=st.integers(0, 20), times=st.sampled_from([1, 1, 1, 2, 0]))
    def pays(self, kill: int, times: int) -> None:
        """Make a payment file; the bank executes it once, by mistake twice, or loses it until it is sent again."""
        run = self.attempt(lambda: make_run(actor=self.world.operator, at=self.world.now), kill=kill)
        if run is None:
            return
        self.runs.append(run)
        first = hand_over(actor=self.world.operator, run=run, at=self.world.now)
        assert hand_over(actor=self.world.operator, run=run, at=self.world.now) == first
        for _ in range(times or 1):
            self.world.bank.execute(first)

    @precondition(lambda self: hasattr(self, "world") and bank.exceptions())
    @rule(
        data=st.data(),
        how=st.sampled_from(["assign", "assign", "funds", "return"]),
        two_clerks=st.booleans(),
        kill=st.integers(0, 25),
    )
    def settles_an_exception(self, data: st.DataObject, how: str, two_clerks: bool, kill: int) -> None:
        exception = data.draw(st.sampled_from(bank.exceptions()), label="exception")
        application = self.one(data) if how == "assign" else None

        def settle() -> object:
            if how == "return":
                return return_to_sender(actor=self.world.operator, exception=exception.id, at=self.world.now)
            if how == "funds" or application is None:
                return assign_to_funds(actor=self.world.operator, exception=exception.id, at=self.world.now)
            return assign(
                actor=self.world.operator,
                exception=exception.id,
                application=application,
                at=self.world.now,
            )

        self.attempt(settle, kill=kill)
        if two_clerks:  # who still sees the exception as it was
            self.attempt(settle)

    # -- the clock ----------------------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([0, 1, 1, 2, 5, 14, 31]), hour=st.sampled_from([0, 2, 10, 23]))
    def time_passes(self, days: int, hour: int) -> None:
        self.world.pass_days(days)
        self.world.hour = hour

    @rule(kill=st.integers(0, 30))
    def night_falls(self, kill: int) -> None:
        """The job that lets lapse: killed half-way, the rest lapses the next night."""
        try:
            with killed_at(kill or 10_000):
                lapse_overdue(at=self.world.now)
        except Killed:
            pass

    # -- the laws -----------------------------------------------------------------------------------------------------

    @invariant()
    def every_law_holds(self) -> None:
        if not hasattr(self, "world"):
            return
        broken = [finding for finding in verify().findings if not finding.holds]
        assert not broken, broken

    @invariant()
    def the_books_are_where_the_bank_was_at_the_last_statement(self) -> None:
        if hasattr(self, "world") and not self.waiting and not self.world.bank.waiting:
            assert bank.account().balance == self.world.bank.balance


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
