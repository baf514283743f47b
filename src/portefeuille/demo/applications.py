"""Applications in progress in the demo world, played by the same operations that people use.

The last three weeks before the demo begins: money from the government, a training half deposited, an advice that is
paid and waits for its confirmation, an application that a person must decide, and a deposit that nobody can place.
Playing them again changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from portefeuille.applications import queries as applications
from portefeuille.applications.asked import Asked, Person
from portefeuille.applications.operations.order_payment import order_payment
from portefeuille.applications.operations.submit import start_draft, submit
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.bank.operations.pay import hand_over, make_run, release
from portefeuille.core.calendar import BRUSSELS, legal_day
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.story.bank import StoryBank
from portefeuille.wallet import queries as wallets


def play_applications(*, at: datetime) -> int:
    """Play the stories that begin the demo; the number of applications. None when they were played before."""
    if bank.statements(1):
        return 0
    return _Demo(legal_day(at)).play()


@dataclass(slots=True)
class _Demo:
    today: date

    def play(self) -> int:
        account = bank.account()
        money = StoryBank(account.iban, account.holder)
        money.credit(Money.euros("250000.00"), name="Vlaamse overheid", account=account.government_iban)
        self._import(money, 21)

        brewery = self._apply(
            "joris", 20, "training", "DV.O900101", "Kwaliteitscontrole in de brouwzaal", "4800.00"
        )
        salon = self._apply("amira", 20, "advice", "DV.A900102", "Een tweede kapsalon: kan dat?", "1250.00")
        self._apply("els", 19, "training", "DV.O900103", "Ontwerpen voor het web", "2400.00")
        self._deposit(money, brewery, "1500.00")
        self._deposit(money, salon, "750.00")
        money.credit(
            Money.euros("720.00"),
            name="M. Janssens",
            account="BE50999006666618",
            text="opleiding november, zie offerte",
        )
        self._import(money, 12)

        self._pay(salon, "amira", 11)
        self._run(money, 11)
        self._import(money, 8)
        return 3

    def _on(self, days_ago: int) -> datetime:
        """Ten in the morning so many days ago, but never in another budget year."""
        day = max(self.today - timedelta(days=days_ago), date(self.today.year, 1, 1))
        return datetime.combine(day, time(10), tzinfo=BRUSSELS).astimezone(UTC)

    def _actor(self, handle: str) -> Actor:
        [person] = [one for one in identity.people() if one.handle.startswith(handle)]
        return self._acting(person.id, person.capacities[0].id)

    def _operator(self, *, second: bool = False) -> Actor:
        first, other, *_ = [
            (person.id, held.id)
            for person in identity.people()
            for held in person.capacities
            if held.role is Role.OPERATOR
        ]
        return self._acting(*(other if second else first))

    def _acting(self, person: int, capacity: int) -> Actor:
        actor = identity.actor_of(identity.SignedIn(person, capacity, assurance=Assurance.HIGH))
        assert actor is not None, "it was just read"
        return actor

    def _apply(self, handle: str, days_ago: int, service: str, number: str, name: str, amount: str) -> int:
        actor, at = self._actor(handle), self._on(days_ago)
        [provider] = providers.find(number)
        activity = register.enterprise(actor.enterprise).activities[0]
        day = legal_day(at)
        asked = Asked(
            service=service,
            nace_version=activity.version,
            nace_code=activity.code,
            name=name,
            theme="business_strategy",
            form="classroom" if service == "training" else "",
            support="We willen groeien en doen dat liever met goede raad.",
            agreement_on=day,
            starts_on=day + timedelta(days=1),
            ends_on=day + timedelta(days=10),
            amount=Money.euros(amount),
            vat_basis_points=2100,
            recognition_number=number,
            provider=provider.id,
            people=(Person(actor.name, "self_employed_or_manager"),),
            declared=True,
        )
        if provider.vat_exempt:
            asked = replace(asked, vat_basis_points=None, vat_exempt=True)
        draft = start_draft(actor=actor, at=at)
        submit(actor=actor, application=draft, asked=asked, key=f"demo-{draft}", at=at)
        return draft

    def _deposit(self, money: StoryBank, application: int, amount: str) -> None:
        view = applications.application(application, actor=Actor.system())
        assert view.state is State.APPROVED, "the demo's applications meet every condition"
        money.credit(
            Money.euros(amount),
            name=view.enterprise_name,
            account=identity.profile(view.enterprise_number).iban,
            reference=wallets.wallet(application).reference,
        )

    def _import(self, money: StoryBank, days_ago: int) -> None:
        at, operator = self._on(days_ago), self._operator()
        content = money.close_day(legal_day(at))
        file = hand_in(actor=operator, name=f"CODA-{legal_day(at):%Y%m%d}.cod", content=content, at=at)
        import_file(actor=operator, file=file, at=at)

    def _pay(self, application: int, handle: str, days_ago: int) -> None:
        order_payment(
            actor=self._actor(handle).proving(self._on(days_ago)),
            application=application,
            amount=wallets.wallet(application).figures.held,
            key=f"demo-{application}",
            at=self._on(days_ago),
        )

    def _run(self, money: StoryBank, days_ago: int) -> None:
        run = make_run(actor=self._operator(), at=self._on(days_ago))
        release(actor=self._operator(second=True), run=run, at=self._on(days_ago))
        money.execute(hand_over(actor=self._operator(), run=run, at=self._on(days_ago)))
