"""The story of the guide: chapters 3, 5 and 6, told by an entrepreneur who reads step 2 to the letter.

Every step runs the operation that the screens run. What the bank does comes in as a CODA file that is written here
and read by the platform's own reader; what the platform pays leaves in a payment file that the bank executes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from portefeuille.applications import queries as applications
from portefeuille.applications.asked import Asked, Person
from portefeuille.applications.operations import submit as submitting
from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.operations.order_payment import order_payment
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.bank.operations.open_account import open_account
from portefeuille.bank.operations.pay import hand_over, make_run, release
from portefeuille.bank.operations.settle_exception import assign
from portefeuille.budget.operations.vote import vote
from portefeuille.core.calendar import BRUSSELS
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.operations.save_profile import save_profile
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages import queries as messages
from portefeuille.messages.operations import send_waiting
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider
from portefeuille.register.operations.add_enterprise import (
    GivenActivity,
    GivenEstablishment,
    add_enterprise,
)
from portefeuille.register.queries import Address
from portefeuille.story.bank import StoryBank
from portefeuille.story.telling import Law, Step, Story
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.verification import verify

SCHEME = "gids"
GOVERNMENT = "BE80999000000777"
OPERATOR = "BE49999000000171"

# Numbers in these ranges are given to nobody (see demo/world.toml).
BAKERY = "1999100120"
WORKSHOP = "1999100219"
SELLER = "1999100318"


def at(day: date, hour: int = 10) -> datetime:
    """That hour of that day in Brussels."""
    return datetime.combine(day, time(hour), tzinfo=BRUSSELS).astimezone(UTC)


class GuideStory:
    """Plays the story; each method is a scene. ``play`` returns what there is to tell."""

    def __init__(self) -> None:
        self.story = Story(
            "Het verhaal van de gids: een opleiding van € 10.000,00 en een advies van € 1.250,00"
        )
        self.bank = StoryBank(iban=OPERATOR, holder="Financieel Beheerder KMO")
        self.people: dict[str, Actor] = {}
        self.accounts = {BAKERY: "BE29999010000164", WORKSHOP: "BE95999020000258"}
        self.training = 0
        self.advice = 0

    def play(self) -> Story:
        """All scenes, then the laws."""
        self._set_the_stage()
        self._government_pays_in(date(2026, 2, 27))
        self._apply(date(2026, 3, 2))
        self._deposit_what_step_two_says(date(2026, 3, 5))
        self._deposit_with_a_typing_error(date(2026, 3, 10))
        self._assign_by_hand(date(2026, 3, 11))
        self._order(date(2026, 3, 12))
        self._pay(date(2026, 3, 13))
        self._bank_confirms(date(2026, 3, 16))
        self._provider_confirms(date(2026, 3, 23))
        self._check_the_laws()
        return self.story

    # -- the stage ------------------------------------------------------------------------------------------------

    def _set_the_stage(self) -> None:
        open_account(iban=OPERATOR, holder=self.bank.holder, government_iban=GOVERNMENT)
        vote(scheme=SCHEME, year=2026, amount=Money.euros("1000000.00"))
        self._enterprise(BAKERY, "Bakkerij Korst en Kruim", "Nele", "10712", "9000", "Gent")
        self._enterprise(WORKSHOP, "Fietsatelier De Ketting", "Bram", "47640", "3000", "Leuven")
        self.provider = add_provider(
            enterprise_number=SELLER,
            legal_name="An Sterken - Feng Shui and More",
            trade_name="An Sterken",
            iban="BE64999030000352",
            email="an@dienstverlener.example",
            recognitions=[
                GivenRecognition("DV.O218693", date(2024, 1, 1)),
                GivenRecognition("DV.A220518", date(2024, 1, 1)),
            ],
        )
        self._person("an", "An", GivenCapacity(Role.PROVIDER, provider=self.provider))
        self._person("operator", "Operator", GivenCapacity(Role.OPERATOR))
        self._person("colleague", "Collega van de operator", GivenCapacity(Role.OPERATOR))

    def _enterprise(self, number: str, name: str, who: str, nace: str, zipcode: str, town: str) -> None:
        seat = Address("Verhaalstraat", "1", "", zipcode, town)
        add_enterprise(
            number=number,
            name=name,
            start_date=date(2012, 5, 2),
            seat=seat,
            establishments=[
                GivenEstablishment(
                    f"8{number[1:8]}{97 - int('8' + number[1:8]) % 97:02d}", date(2012, 5, 2), seat
                )
            ],
            activities=[GivenActivity("2008", nace)],
        )
        self._person(who.lower(), who, GivenCapacity(Role.ENTREPRENEUR, enterprise=number))
        save_profile(
            actor=self.people[who.lower()],
            enterprise=number,
            iban=self.accounts[number],
            email=f"{who.lower()}@onderneming.example",
            size="small",
            turnover=Money.euros("480000.00"),
        )

    def _person(self, handle: str, name: str, capacity: GivenCapacity) -> None:
        number = add_person(
            handle=handle, name=name, email=f"{handle}@verhaal.example", capacities=[capacity]
        )
        self.people[handle] = Actor(
            role=capacity.role,
            person_id=number,
            name=name,
            enterprise=capacity.enterprise,
            provider=capacity.provider,
            assurance=Assurance.HIGH,
        )

    # -- the scenes -----------------------------------------------------------------------------------------------

    def _government_pays_in(self, day: date) -> None:
        self.bank.credit(Money.euros("100000.00"), name="Vlaamse overheid", account=GOVERNMENT)
        self._import(day)
        self._tell(
            day,
            "overheid",
            "stort geld op de rekening van de financieel beheerder",
            government_funds="100000.00",
        )

    def _apply(self, day: date) -> None:
        self.training = self._submit(
            day,
            "nele",
            Asked(
                service="training",
                nace_version="2008",
                nace_code="10712",
                name="Leidinggeven in een groeiende bakkerij",
                theme="business_strategy",
                form="classroom",
                support="We openen een tweede winkel en ik leer een ploeg aansturen.",
                agreement_on=day,
                starts_on=date(2026, 3, 16),
                ends_on=date(2026, 3, 20),
                amount=Money.euros("10000.00"),
                vat_basis_points=2100,
                recognition_number="DV.O218693",
                provider=self.provider,
                people=(Person("Nele", "self_employed_or_manager"),),
                declared=True,
            ),
        )
        self.advice = self._submit(
            day,
            "bram",
            Asked(
                service="advice",
                nace_version="2008",
                nace_code="47640",
                name="Advies over de inrichting van het atelier",
                theme="business_strategy",
                support="Met een betere inrichting herstellen we meer fietsen per dag.",
                agreement_on=day,
                starts_on=date(2026, 3, 9),
                ends_on=date(2026, 3, 20),
                amount=Money.euros("1250.00"),
                vat_basis_points=2100,
                recognition_number="DV.A220518",
                provider=self.provider,
                people=(Person("Bram", "self_employed_or_manager"),),
                declared=True,
            ),
        )

    def _submit(self, day: date, who: str, asked: Asked) -> int:
        actor = self.people[who]
        draft = submitting.start_draft(actor=actor, at=at(day, 9))
        foretold = applications.preview(actor=actor, asked=asked, scheme=SCHEME, on=day)
        done = submitting.submit(
            actor=actor, application=draft, asked=asked, key=f"submit-{draft}", at=at(day)
        )
        view = applications.application(draft, actor=actor)
        [decision] = applications.decisions(draft)
        self._law(
            f"10 {done.project_number}: de berekening vooraf en de beslissing zijn dezelfde",
            foretold.as_dict()["amounts"] == decision.decision.as_dict()["amounts"]
            and foretold.outcome == decision.outcome == "approved",
        )
        self._tell(
            day,
            actor.name,
            f"vraagt {done.project_number} aan: {asked.name}; goedgekeurd",
            draft,
            amount=str(view.amount),
            own_share=str(view.own_share),
            subsidy=str(view.subsidy),
        )
        self._tell_mail(day, draft, "deposit_request")
        return draft

    def _deposit_what_step_two_says(self, day: date) -> None:
        """Step 2 of chapter 3 says to pay in 40 %; her share is the rest, 6,000.00."""
        self._deposit(self.training, BAKERY, "Bakkerij Korst en Kruim", "4000.00")
        self._deposit(self.advice, WORKSHOP, "Fietsatelier De Ketting", "750.00")
        self._import(day)
        self._tell(
            day,
            "Nele",
            "stort wat stap 2 van de gids letterlijk zegt",
            self.training,
            deposit="4000.00",
            top_up=str(wallets.wallet(self.training).figures.topped_up),
        )
        self._tell_mail(day, self.training, "deposit_received")
        self._tell(
            day,
            "Bram",
            "stort zijn eigen deel",
            self.advice,
            deposit="750.00",
            top_up=str(wallets.wallet(self.advice).figures.topped_up),
        )
        self._tell_mail(day, self.advice, "deposit_received")

    def _deposit(self, application: int, enterprise: str, name: str, amount: str) -> None:
        self.bank.credit(
            Money.euros(amount),
            name=name,
            account=self.accounts[enterprise],
            reference=wallets.wallet(application).reference,
        )

    def _deposit_with_a_typing_error(self, day: date) -> None:
        right = wallets.wallet(self.training).reference
        mistyped = f"{right[:4]}{(int(right[4]) + 1) % 10}{right[5:]}"
        self.bank.credit(
            Money.euros("2000.00"),
            name="Bakkerij Korst en Kruim",
            account=self.accounts[BAKERY],
            text=f"rest opleiding {mistyped[:3]}/{mistyped[3:7]}/{mistyped[7:]}",
        )
        self._import(day)
        [stray] = bank.exceptions()
        self._tell(
            day,
            "Nele",
            "stort de rest met een tikfout in de mededeling; het geld wacht bij de uitzonderingen",
            self.training,
            suspense=str(stray.left),
        )

    def _assign_by_hand(self, day: date) -> None:
        [stray] = bank.exceptions()
        placed = assign(
            actor=self.people["operator"], exception=stray.id, application=self.training, at=at(day)
        )
        self._tell(
            day,
            "Operator",
            "wijst de storting met de hand toe",
            self.training,
            deposit=str(placed.taken),
            top_up=str(placed.top_up),
        )
        self._tell_mail(day, self.training, "deposit_received")

    def _order(self, day: date) -> None:
        for application, who in ((self.training, "nele"), (self.advice, "bram")):
            total = wallets.wallet(application).figures.held
            order_payment(
                actor=self.people[who].proving(at(day)),
                application=application,
                amount=total,
                key=f"order-{application}",
                at=at(day),
            )
            self._tell(
                day,
                self.people[who].name,
                "klikt op “ik betaal”, voor het volledige bedrag zonder btw",
                application,
                ordered=str(total),
            )

    def _pay(self, day: date) -> None:
        run = make_run(actor=self.people["operator"], at=at(day))
        release(actor=self.people["colleague"], run=run, at=at(day, 10))
        first = hand_over(actor=self.people["operator"], run=run, at=at(day, 11))
        again = hand_over(actor=self.people["operator"], run=run, at=at(day, 15))
        self._law("5 een betaalbestand dat opnieuw gemaakt wordt, heeft dezelfde bytes", first == again)
        self.bank.execute(first)
        view = bank.run(run)
        self._tell(
            day,
            "Operator",
            f"bezorgt de bank een betaalbestand met {view.payment_count} betalingen; een collega keek het na",
            amount=str(view.total),
        )

    def _bank_confirms(self, day: date) -> None:
        self._import(day)
        for application in (self.training, self.advice):
            view = applications.application(application, actor=Actor.system())
            figures = wallets.wallet(application).figures
            self._tell(
                day,
                "bank",
                f"bevestigt: de dienstverlener is betaald voor {view.project_number}",
                application,
                paid=str(figures.paid),
            )
            self._tell_mail(day, application, "provider_notice")
            self._tell_mail(day, application, "provider_paid")
            self._tell(
                day,
                self.people["nele" if application == self.training else "bram"].name,
                "betaalt de btw rechtstreeks aan de dienstverlener, buiten de portefeuille",
                vat_due_directly=str(view.vat),
            )
        training = applications.application(self.training, actor=Actor.system())
        figures = wallets.wallet(self.training).figures
        self.story.totals = {
            "own_share": figures.deposited,
            "subsidy": figures.topped_up,
            "paid_to_provider": figures.paid,
            "vat_due_directly": training.vat,
        }

    def _provider_confirms(self, day: date) -> None:
        for application in (self.training, self.advice):
            confirm_delivery(actor=self.people["an"], application=application, at=at(day))
            view = applications.application(application, actor=Actor.system())
            self._tell(
                day, "An", f"bevestigt de aanwezigheden; {view.project_number} is afgerond", application
            )

    # -- telling and proving ----------------------------------------------------------------------------------------

    def _import(self, day: date) -> None:
        content = self.bank.close_day(day)
        operator = self.people["operator"]
        file = hand_in(actor=operator, name=f"{day:%Y%m%d}.cod", content=content, at=at(day, 18))
        import_file(actor=operator, file=file, at=at(day, 18))
        send_waiting(at=at(day, 19))

    def _tell(self, day: date, actor: str, did: str, application: int | None = None, **amounts: str) -> None:
        wallet: Mapping[str, Money] | None = None
        if application is not None:
            figures = wallets.wallet(application).figures
            wallet = {"own_share": figures.own_held, "subsidy": figures.subsidy_held, "held": figures.held}
        told = {name: Money.euros(amount) for name, amount in amounts.items()}
        self.story.steps.append(Step(day, actor, did, told, wallet))

    def _tell_mail(self, day: date, application: int, kind: str) -> None:
        written = [mail for mail in messages.of_application(application) if mail.kind == kind]
        mail = written[-1]
        due = wallets.wallet(application).figures.still_due
        amounts = {"still_due": str(due)} if due else {}
        self._tell(day, "mail", f"aan {mail.to_address}: {mail.subject}", **amounts)

    def _law(self, law: str, holds: bool) -> None:
        self.story.laws.append(Law(law, holds))

    def _check_the_laws(self) -> None:
        proof = verify()
        self.story.laws += [Law(one.law, one.holds, one.broken_by) for one in proof.findings]
        self._law(
            "6 het saldo in de boeken is dat van de bank",
            bank.account().balance == self.bank.balance,
        )
        for application in (self.training, self.advice):
            view = applications.application(application, actor=Actor.system())
            [decision] = applications.decisions(application)
            self._law(
                f"9 de beslissing over {view.project_number} wordt opnieuw dezelfde bytes",
                decision.decision.digest == decision.digest,
            )
            self._law(f"3 {view.project_number} is afgerond en volledig betaald", view.state is State.CLOSED)


def play() -> Story:
    """Play the story in the database that the framework is connected to."""
    return GuideStory().play()
