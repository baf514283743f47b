"""A small world for tests: an enterprise, a provider, a bank account, and verbs that read like a scenario.

Everything happens through the operations that the screens use, on a clock that the test sets.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portefeuille.applications import queries as applications
from portefeuille.applications.asked import Asked, Person
from portefeuille.applications.operations import submit as submitting
from portefeuille.applications.operations.order_payment import order_payment
from portefeuille.bank.operations.import_statement import Report, hand_in, import_file
from portefeuille.bank.operations.open_account import open_account
from portefeuille.bank.operations.pay import hand_over, make_run, release
from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.formats.coda_writer import Line
from portefeuille.core.ledger import Figures
from portefeuille.core.money import Money
from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.operations.save_profile import save_profile
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider
from portefeuille.register.operations.add_enterprise import GivenActivity, GivenEstablishment, add_enterprise
from portefeuille.register.queries import Address
from portefeuille.story.bank import StoryBank
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.verification import verify

OPERATOR_IBAN = "BE49999000000171"
GOVERNMENT_IBAN = "BE80999000000777"
ENTERPRISE_IBAN = "BE29999010000164"
PROVIDER_IBAN = "BE64999030000352"
ENTERPRISE = "1999100120"
OTHER_ENTERPRISE = "1999100219"
SELLER = "1999100318"
START = date(2026, 3, 2)


@dataclass
class World:
    """A day, a bank, and who can act. Days only pass when a test lets them."""

    day: date = START
    budget: str = "1000000.00"
    bank: StoryBank = field(default_factory=lambda: StoryBank(OPERATOR_IBAN, "Financieel Beheerder KMO"))
    _keys: int = 0

    def __post_init__(self) -> None:
        open_account(iban=OPERATOR_IBAN, holder=self.bank.holder, government_iban=GOVERNMENT_IBAN)
        vote(scheme="gids", year=2026, amount=Money.euros(self.budget))
        self.provider_id = add_provider(
            enterprise_number=SELLER,
            legal_name="Kompas en Co BV",
            trade_name="Kompas",
            iban=PROVIDER_IBAN,
            email="hallo@kompas.example",
            recognitions=[
                GivenRecognition("DV.O900501", date(2020, 1, 1)),
                GivenRecognition("DV.A900502", date(2020, 1, 1)),
            ],
        )
        self.entrepreneur = self.enterprise(ENTERPRISE, "Bakkerij Korst", ENTERPRISE_IBAN)
        self.operator = self.person("operator", GivenCapacity(Role.OPERATOR))
        self.second_operator = self.person("tweede-operator", GivenCapacity(Role.OPERATOR))
        self.office = self.person("office", GivenCapacity(Role.OFFICE))
        self.provider = self.person("provider", GivenCapacity(Role.PROVIDER, provider=self.provider_id))

    # -- who ------------------------------------------------------------------------------------------------------

    def person(self, handle: str, capacity: GivenCapacity) -> Actor:
        """Somebody in one capacity."""
        number = add_person(
            handle=handle, name=handle.title(), email=f"{handle}@test.example", capacities=[capacity]
        )
        return Actor(
            role=capacity.role,
            person_id=number,
            name=handle.title(),
            enterprise=capacity.enterprise,
            provider=capacity.provider,
            assurance=Assurance.HIGH,
        )

    def enterprise(
        self, number: str, name: str, iban: str, *, zipcode: str = "9000", works_at: str = ""
    ) -> Actor:
        """An enterprise in the register, with its profile and its entrepreneur."""
        seat = Address("Teststraat", "1", "", zipcode, "Stad")
        base = "8" + number[1:8]
        add_enterprise(
            number=number,
            name=name,
            start_date=date(2012, 5, 2),
            seat=seat,
            establishments=[
                GivenEstablishment(
                    f"{base}{97 - int(base) % 97:02d}",
                    date(2012, 5, 2),
                    replace(seat, zipcode=works_at or zipcode),
                )
            ],
            activities=[GivenActivity("2008", "10712")],
        )
        actor = self.person(f"baas-{number}", GivenCapacity(Role.ENTREPRENEUR, enterprise=number))
        save_profile(
            actor=actor,
            enterprise=number,
            iban=iban,
            email=f"baas-{number}@test.example",
            size="small",
            turnover=Money.euros("480000.00"),
        )
        return actor

    # -- when -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> datetime:
        """Ten in the morning, in Brussels."""
        return datetime.combine(self.day, time(10), tzinfo=BRUSSELS).astimezone(UTC)

    def pass_days(self, days: int) -> None:
        """Let the clock run."""
        self.day += timedelta(days=days)

    def key(self) -> str:
        """A new key for a request."""
        self._keys += 1
        return f"key-{self._keys}"

    # -- what -----------------------------------------------------------------------------------------------------

    def asked(self, amount: str | None = "10000.00", **more: Any) -> Asked:
        """A training that meets every condition, unless told otherwise."""
        plain = Asked(
            service="training",
            nace_version="2008",
            nace_code="10712",
            name="Leidinggeven",
            theme="business_strategy",
            form="classroom",
            support="Ik leer een ploeg aansturen.",
            agreement_on=self.day,
            starts_on=self.day,
            ends_on=self.day + timedelta(days=4),
            amount=None if amount is None else Money.euros(amount),
            vat_basis_points=2100,
            recognition_number="DV.O900501",
            provider=self.provider_id,
            people=(Person("Nele", "self_employed_or_manager"),),
            declared=True,
        )
        return replace(plain, **more)

    def apply(self, amount: str | None = "10000.00", *, actor: Actor | None = None, **more: Any) -> int:
        """Submit; the application's id."""
        actor = actor or self.entrepreneur
        draft = submitting.start_draft(actor=actor, at=self.now)
        submitting.submit(
            actor=actor, application=draft, asked=self.asked(amount, **more), key=self.key(), at=self.now
        )
        return draft

    def government_pays_in(self, amount: str = "100000.00") -> None:
        """By the next statement."""
        self.bank.credit(Money.euros(amount), name="Vlaamse overheid", account=GOVERNMENT_IBAN)

    def transfer(
        self, amount: str, reference: str = "", *, text: str = "", account: str = ENTERPRISE_IBAN
    ) -> None:
        """Somebody pays in, by the next statement."""
        self.bank.credit(
            Money.euros(amount), name="Bakkerij Korst", account=account, reference=reference, text=text
        )

    def deposit(self, application: int, amount: str) -> None:
        """The enterprise pays in on its reference, by the next statement."""
        self.transfer(amount, wallets.wallet(application).reference)

    def funded(self) -> int:
        """An application of 10,000.00 whose own share is in and topped up, from money that the government paid in."""
        application = self.apply()
        self.government_pays_in()
        self.deposit(application, "6000.00")
        self.statement()
        return application

    def statement(self) -> Report:
        """The bank closes the day; the operator imports its statement."""
        return self.book(self.bank.close_day(self.day))

    def book(self, content: bytes) -> Report:
        """The operator imports a file."""
        file = hand_in(actor=self.operator, name="statement.cod", content=content, at=self.now)
        return import_file(actor=self.operator, file=file, at=self.now)

    def order(self, application: int, amount: str | None = None, **more: Any) -> int:
        """The enterprise orders payment, of all that is held unless told otherwise."""
        held = self.figures(application).held if amount is None else Money.euros(amount)
        more = {"actor": self.entrepreneur, "key": self.key(), **more}
        more["actor"] = more["actor"].proving(self.now)
        return order_payment(application=application, amount=held, at=self.now, **more)

    def pay(self) -> int:
        """The operator makes a payment file and the bank executes it by the next statement; the run's id."""
        run = self.released_run()
        self.bank.execute(hand_over(actor=self.operator, run=run, at=self.now))
        return run

    def released_run(self) -> int:
        """One operator makes a payment file, another one releases it; the run's id."""
        run = make_run(actor=self.operator, at=self.now)
        release(actor=self.second_operator, run=run, at=self.now)
        return run

    def bounce(self, payment: int) -> None:
        """The provider's bank sends a payment back, by the next statement."""
        view = wallets.payments_by_id([payment])[payment]
        self.bank.waiting.append(
            Line(
                view.amount,
                name=view.creditor_name,
                account=view.creditor_iban,
                text="terug",
                end_to_end_id=view.end_to_end_id,
                is_returned=True,
                reason="AC04",
            )
        )

    # -- looking --------------------------------------------------------------------------------------------------

    def view(self, application: int) -> applications.ApplicationView:
        """An application as the platform itself sees it."""
        return applications.application(application, actor=Actor.system())

    def figures(self, application: int) -> Figures:
        """What a wallet holds."""
        return wallets.wallet(application).figures

    def prove(self) -> None:
        """Every law of money holds."""
        broken = [finding for finding in verify().findings if not finding.holds]
        assert not broken, broken
