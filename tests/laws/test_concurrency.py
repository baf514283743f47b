"""Twenty at once: exactly as many succeed as may, and every law holds after it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from tests.world import ENTERPRISE, World

from portefeuille.applications.models import Application
from portefeuille.applications.operations.submit import start_draft, submit
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.core.errors import MoreThanAvailable, Refusal, WrongState
from portefeuille.core.formats.coda_writer import Line, write
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.history.models import IdempotencyKey
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.models import Payment
from portefeuille.wallet.posting import Deposit, new_sources, post_deposits

WORKERS = 20


@pytest.fixture
def real(committed_db: str) -> World:
    """The small world, with everything really committed."""
    return World()


def at_once(attempt: Callable[[int], Any], workers: int = WORKERS) -> list[Any]:
    """Run ``attempt`` by so many threads that begin together; each one's answer, or the refusal it got."""
    gate = threading.Barrier(workers)

    def one(number: int) -> Any:
        try:
            gate.wait(timeout=30)
            return attempt(number)
        except Refusal as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(one, range(workers)))


def fund(world: World, application: int) -> None:
    world.government_pays_in()
    world.deposit(application, "6000.00")
    world.statement()


def test_the_first_deposit_ever_raced_by_twenty(real: World) -> None:
    """F19: twenty movements of 500.00 on an own share of 6,000.00: twelve fit, and the rest is suspense."""
    application = real.apply()
    reference = wallets.wallet(application).reference
    sources = new_sources(WORKERS)

    def deposit(number: int) -> Money:
        [placed] = post_deposits(
            [Deposit(sources[number], reference, Money.euros("500.00"), real.day)], at=real.now
        )
        return placed.taken

    taken = at_once(deposit)
    assert sorted(map(str, taken)) == ["0.00"] * 8 + ["500.00"] * 12
    figures = real.figures(application)
    assert (figures.deposited, figures.topped_up) == (Money.euros("6000.00"), Money.euros("4000.00"))


def test_twenty_order_the_one_remaining_amount(real: World) -> None:
    """F4: exactly one wins."""
    application = real.apply()
    fund(real, application)

    answers = at_once(lambda number: real.order(application, "10000.00", key=f"worker-{number}"))
    assert sum(isinstance(answer, int) for answer in answers) == 1
    assert all(isinstance(answer, int | MoreThanAvailable) for answer in answers)
    assert Payment.objects.count() == 1
    real.prove()


def test_twenty_send_the_same_order(real: World) -> None:
    application = real.apply()
    fund(real, application)

    answers = at_once(lambda _number: real.order(application, "100.00", key="the-same"))
    assert len(set(answers)) == 1
    assert isinstance(answers[0], int)
    assert real.figures(application).ordered == Money.euros("100.00")
    real.prove()


def test_twenty_applications_at_once_never_exceed_the_ceiling(real: World) -> None:
    """The very first row of the year's ceiling is raced too."""
    drafts = [start_draft(actor=real.entrepreneur, at=real.now) for _ in range(WORKERS)]

    def apply(number: int) -> State:
        sent = submit(
            actor=real.entrepreneur,
            application=drafts[number],
            asked=real.asked("1000.00"),
            key=f"worker-{number}",
            at=real.now,
        )
        return sent.state

    states = at_once(apply)
    assert states.count(State.APPROVED) == 10
    assert states.count(State.REFUSED) == 10
    granted = Application.objects.filter(enterprise_number=ENTERPRISE).values_list("subsidy_cents", flat=True)
    assert sum(cents or 0 for cents in granted) == 400_000
    real.prove()


def test_twenty_approvals_never_exceed_the_budget(real: World) -> None:
    from portefeuille.budget.models import Budget

    Budget.objects.update(voted_cents=100_000)  # room for two and a half
    drafts = [start_draft(actor=real.entrepreneur, at=real.now) for _ in range(8)]

    def apply(number: int) -> State:
        return submit(
            actor=real.entrepreneur,
            application=drafts[number],
            asked=real.asked("1000.00"),
            key=f"worker-{number}",
            at=real.now,
        ).state

    states = at_once(apply, workers=8)
    assert states.count(State.APPROVED) == 2
    assert states.count(State.SUBMITTED) == 6
    assert Budget.objects.get().committed_cents == 80_000
    real.prove()


def test_twenty_import_the_same_statement(real: World) -> None:
    application = real.apply()
    real.deposit(application, "4000.00")
    content = real.bank.close_day(real.day)

    def book(_number: int) -> int:
        file = hand_in(actor=real.operator, name="x", content=content, at=real.now)
        return import_file(actor=real.operator, file=file, at=real.now).statements

    assert sorted(at_once(book)) == [0] * (WORKERS - 1) + [1]
    assert real.figures(application).deposited == Money.euros("4000.00")
    real.prove()


def test_statements_and_orders_on_the_same_wallets_do_not_block_each_other(real: World) -> None:
    """A statement locks wallets, then applications; an order must take them in the same order."""
    applications = [real.apply("1000.00") for _ in range(4)]
    real.government_pays_in()
    for application in applications:
        real.deposit(application, "300.00")
    real.statement()
    sequence, opening = real.bank.sequence, real.bank.balance
    line = [Line(Money.euros("1.00"), reference=wallets.wallet(one).reference) for one in applications]
    contents = []
    for step in range(5):
        contents.append(
            write(
                account=real.bank.iban,
                holder="X",
                sequence=sequence + step + 1,
                day=real.day,
                opening=opening + Money(step * 400),
                lines=line,
            )
        )

    def act(number: int) -> object:
        if number == 0:
            for content in contents:
                real.book(content)
            return "booked"
        return real.order(applications[number % 4], "1.00", key=f"worker-{number}")

    answers = at_once(act, workers=9)
    assert answers[0] == "booked"
    assert all(isinstance(answer, int) for answer in answers[1:])
    real.prove()


def test_a_twin_that_fails_leaves_the_key_free(real: World) -> None:
    application = real.apply()
    with pytest.raises(WrongState):
        real.order(application, "1.00", key="k")
    assert not IdempotencyKey.objects.filter(key="k").exists()
    assert connection.in_atomic_block is False


def test_five_hundred_orders_by_twenty_workers_each_sent_twice(real: World) -> None:
    """Five wallets that hold 1,000.00, fifty orders of 30.00 on each: 33 fit, 17 don't, and a repeat is no order."""
    applications = [real.apply("1000.00") for _ in range(5)]
    real.government_pays_in()
    for application in applications:
        real.deposit(application, "600.00")
    real.statement()
    orders = [(application, f"order-{number}") for application in applications for number in range(50)]
    sent = [*orders, *reversed(orders)]
    answers: dict[tuple[int, str], list[Any]] = {order: [] for order in orders}

    def work(worker: int) -> None:
        for application, key in sent[worker::WORKERS]:
            try:
                answer: Any = real.order(application, "30.00", key=f"{application}-{key}")
            except MoreThanAvailable as refused:
                answer = type(refused)
            answers[application, key].append(answer)

    assert at_once(work) == [None] * WORKERS
    assert all(len(given) == 2 and given[0] == given[1] for given in answers.values())
    paid = [given[0] for given in answers.values() if isinstance(given[0], int)]
    assert (len(paid), len(set(paid)), Payment.objects.count()) == (165, 165, 165)
    assert [str(real.figures(application).held) for application in applications] == ["10.00"] * 5
    real.prove()
