"""Two sides of a street: on each an enterprise, a provider that it buys from, and one of everything that has an owner.

``OWN`` is the side on which everybody of the matrix of routes lives; what stands on the other side is another's.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tests.activation.people import SOLE, newcomer, sole_trader
from tests.providers.asking import PDF, asked_on, decide, uploads
from tests.world import ENTERPRISE, ENTERPRISE_IBAN, OTHER_ENTERPRISE, World

from portefeuille.activation.models import Invitation
from portefeuille.activation.operations.ask_letter import ask_letter
from portefeuille.activation.operations.invite import invite, withdraw_invitation
from portefeuille.activation.operations.settle_address import confirm_address, propose_address
from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.operations.stop import cancel, lapse
from portefeuille.applications.operations.submit import start_draft
from portefeuille.bank.models import BankException, PaymentRun, StatementFile
from portefeuille.bank.operations.import_statement import hand_in, import_file
from portefeuille.bank.operations.pay import make_run
from portefeuille.bank.operations.settle_exception import assign_to_funds
from portefeuille.budget.models import Budget
from portefeuille.cases.models import Case
from portefeuille.core.errors import Refusal
from portefeuille.core.lifecycle import State
from portefeuille.identity.models import Capacity
from portefeuille.identity.operations.add_person import GivenCapacity, add_person
from portefeuille.identity.operations.end_capacity import end_capacity
from portefeuille.identity.operations.end_mandate import end_mandate
from portefeuille.identity.operations.give_mandate import give_mandate
from portefeuille.identity.roles import FOR_AN_ENTERPRISE, OF_A_PROVIDER, Actor, Role
from portefeuille.messages.models import Message
from portefeuille.post.models import PaperLetter
from portefeuille.post.operations import hand_over
from portefeuille.providers.documents import Upload
from portefeuille.providers.models import Document, Recognition
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider
from portefeuille.providers.operations.request_recognition import request_recognition, withdraw_request
from portefeuille.wallet import queries as wallets

OFFICE, LATER_OFFICE = "1999100516", "1999100615"
OTHER_IBAN = "BE95999020000258"
OWN, OTHER, NOBODYS = "own", "another's", "nobody's"
# Words that stand in what each side typed, and that nobody else may read.
SECRETS = {OWN: "Plan Zonnebloem", OTHER: "Plan Nachtschade"}


@dataclass(frozen=True, slots=True)
class Thing:
    """What an address can name. ``whose`` are the kinds of firm that own it on its side: enterprise, provider."""

    value: object
    state: str
    side: str = NOBODYS
    whose: tuple[str, ...] = ()


class TwoSides:
    """Everything that the matrix walks along, by kind, and one person for each role on the own side."""

    def __init__(self) -> None:
        self.world = World()
        self.things: dict[str, list[Thing]] = {}
        self.other_provider = add_provider(
            enterprise_number="1998000258",
            legal_name="Andere School",
            iban="BE59999001111126",
            email="x@school.example",
            recognitions=[
                GivenRecognition("DV.O900601", date(2020, 1, 1)),
                GivenRecognition("DV.A900602", date(2020, 1, 1)),
            ],
        )
        other = self.world.enterprise(OTHER_ENTERPRISE, "Fietsatelier", OTHER_IBAN)
        for number in (OFFICE, LATER_OFFICE):
            self.world.enterprise(number, f"Kantoor {number}", ENTERPRISE_IBAN)
        self.entrepreneurs = {OWN: self.world.entrepreneur, OTHER: other}
        self.providers = {OWN: self.world.provider_id, OTHER: self.other_provider}
        self._applications()
        self._bank()
        for side in (OWN, OTHER):
            self._people(side)
        self._recognitions()
        self.mandate = self.things["mandate"][0]
        self.actors = {
            role: self._somebody(role) for role in sorted(set(Role) - {Role.SYSTEM, Role.NEWCOMER})
        }
        self.newcomer = add_person(handle="nieuw", name="Nieuw", email="nieuw@test.example", capacities=[])
        self._things_of_the_office()
        self._things_of_who_looks()

    # -- applications ---------------------------------------------------------------------------------------------

    def _applications(self) -> None:
        """On each side one in every state, all by the operations of the screens."""
        found = {side: self._begun(side) for side in (OWN, OTHER)}
        self.world.government_pays_in()
        for side, states in found.items():
            self._deposits(side, states)
        self.world.statement()
        for side, states in found.items():
            self._orders(side, states)
        self.world.pay()
        self.world.statement()
        self._stops(found)
        self.things["application"] = [
            Thing(number, str(state), side, ("enterprise", "provider"))
            for side, states in found.items()
            for state, number in states.items()
        ]

    def _begun(self, side: str) -> dict[State, int]:
        actor, name = self.entrepreneurs[side], SECRETS[side]
        digit = "5" if side == OWN else "6"
        more = {"actor": actor, "name": name, "provider": self.providers[side]}

        def apply(number: str) -> int:
            return self.world.apply("500.00", recognition_number=number, **more)

        begun = {
            state: apply(f"DV.O900{digit}01")
            for state in State
            if state not in {State.DRAFT, State.SUBMITTED, State.REFUSED}
        }
        begun[State.REFUSED] = apply(f"DV.A900{digit}02")  # of another service than the one asked for
        answers = {"name": name, "support": name, "service": "training"}
        begun[State.DRAFT] = start_draft(actor=actor, at=self.world.now, answers=answers)
        return begun

    def _deposits(self, side: str, states: dict[State, int]) -> None:
        account = ENTERPRISE_IBAN if side == OWN else OTHER_IBAN
        full = (State.FUNDED, State.PARTLY_PAID, State.PAID, State.CLOSED)
        for state in (*full, State.PARTLY_FUNDED, State.LAPSED, State.CANCELLED):
            reference = _reference(states[state])
            self.world.transfer("300.00" if state in full else "100.00", reference, account=account)
        self.world.transfer("12.00", text=f"zonder mededeling van {side}")

    def _orders(self, side: str, states: dict[State, int]) -> None:
        actor = self.entrepreneurs[side]
        self.world.order(states[State.PARTLY_PAID], "200.00", actor=actor)
        for state in (State.PAID, State.CLOSED):
            self.world.order(states[state], actor=actor)

    def _stops(self, found: dict[str, dict[State, int]]) -> None:
        """Those that end; and, once the year's money is gone, those that wait for a person."""
        world = self.world
        for side, states in found.items():
            cancel(actor=self.entrepreneurs[side], application=states[State.CANCELLED], at=world.now)
        budget = Budget.objects.get(year=world.day.year)
        Budget.objects.filter(pk=budget.pk).update(voted_cents=budget.committed_cents)
        for side, states in found.items():
            states[State.SUBMITTED] = world.apply(
                "500.00",
                actor=self.entrepreneurs[side],
                name=SECRETS[side],
                provider=self.providers[side],
                recognition_number="DV.O900501" if side == OWN else "DV.O900601",
            )
        world.pass_days(40)
        for side, states in found.items():
            school = world.person(
                f"school-{side}", GivenCapacity(Role.PROVIDER, provider=self.providers[side])
            )
            confirm_delivery(actor=school, application=states[State.CLOSED], at=world.now)
            lapse(actor=Actor.system(), application=states[State.LAPSED], at=world.now)

    # -- the bank -------------------------------------------------------------------------------------------------

    def _bank(self) -> None:
        world = self.world
        broken = hand_in(actor=world.operator, name="stuk.cod", content=b"geen CODA", at=world.now)
        with contextlib.suppress(Refusal):
            import_file(actor=world.operator, file=broken, at=world.now)
        self.things["statement"] = [
            Thing(one.pk, str(one.state)) for one in StatementFile.objects.order_by("id")
        ]
        first, second = BankException.objects.order_by("id")[:2]
        assign_to_funds(actor=world.operator, exception=first.pk, at=world.now)
        self.things["exception"] = [Thing(first.pk, "settled"), Thing(second.pk, "open")]
        runs = [Thing(PaymentRun.objects.get().pk, "handed over")]
        for state in ("made", "released"):
            self._order_something()
            run = (
                world.released_run() if state == "released" else make_run(actor=world.operator, at=world.now)
            )
            runs.append(Thing(run, state))
        self.things["run"] = runs

    def _order_something(self) -> None:
        """What is left in the wallets of the own side, bit by bit, so that there is something to pay."""
        funded = next(
            one.value for one in self.things["application"] if (one.state, one.side) == ("funded", OWN)
        )
        self.world.order(funded, "100.00")  # type: ignore[arg-type]

    # -- people ---------------------------------------------------------------------------------------------------

    def _people(self, side: str) -> None:
        enterprise = ENTERPRISE if side == OWN else OTHER_ENTERPRISE
        self._firm(
            side, "enterprise", GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise=enterprise), Role.ENTREPRENEUR
        )
        self._firm(
            side,
            "provider",
            GivenCapacity(Role.PROVIDER_ADMIN, provider=self.providers[side]),
            Role.PROVIDER,
        )

    def _firm(self, side: str, whose: str, capacity: GivenCapacity, colleague: Role) -> None:
        """An administrator, two colleagues of whom one left, and two invitations of which one was taken back."""
        world, at = self.world, self.world.now
        boss = world.person(f"beheerder-{whose}-{side}", capacity)
        states = {}
        for state in ("open", "ended"):
            one = world.person(
                f"collega-{whose}-{side}-{state}",
                GivenCapacity(colleague, enterprise=capacity.enterprise, provider=capacity.provider),
            )
            states[state] = Capacity.objects.get(person_id=one.person_id).pk
        end_capacity(actor=boss, capacity=states["ended"], at=at)
        self._add("colleague", side, whose, states)
        invited = {
            state: invite(
                actor=boss, name="An", email=f"{state}@{whose}.example", is_administrator=False, at=at
            )
            for state in ("open", "ended")
        }
        withdraw_invitation(actor=boss, invitation=invited["ended"], at=at)
        self._add("invitation", side, whose, invited)
        references = dict(Invitation.objects.values_list("pk", "reference"))
        self._add("reference", side, whose, {state: references[number] for state, number in invited.items()})
        if whose == "enterprise":
            given = {
                state: give_mandate(actor=boss, enterprise=capacity.enterprise, office=office, at=at)
                for state, office in (("open", OFFICE), ("ended", LATER_OFFICE))
            }
            end_mandate(actor=boss, mandate=given["ended"], at=at)
            self._add("mandate", side, whose, given)

    def _add(self, kind: str, side: str, whose: str, states: dict[str, object] | dict[str, int]) -> None:
        found = [Thing(value, state, side, (whose,)) for state, value in states.items()]
        self.things.setdefault(kind, []).extend(found)

    def _somebody(self, role: Role) -> Actor:
        """A person of the own side in that role; staff belong to neither side."""
        if role is Role.ACCOUNTANT:
            actor = self.world.person("accountant", GivenCapacity(Role.ENTREPRENEUR, enterprise=OFFICE))
            return replace(
                actor, role=role, enterprise=ENTERPRISE, office=OFFICE, mandate=int(str(self.mandate.value))
            )
        capacity = GivenCapacity(
            role,
            enterprise=ENTERPRISE if role in FOR_AN_ENTERPRISE else "",
            provider=self.world.provider_id if role in OF_A_PROVIDER else None,
        )
        return self.world.person(f"een-{role}", capacity)

    # -- recognitions ---------------------------------------------------------------------------------------------

    def _recognitions(self) -> None:
        """On each side requests of the enterprise and of the provider, waiting, taken back and refused."""
        for side in (OWN, OTHER):
            enterprise = ENTERPRISE if side == OWN else OTHER_ENTERPRISE
            boss = self.world.person(
                f"vraagt-erkenning-{side}", GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise=enterprise)
            )
            head = self.world.person(
                f"verlengt-erkenning-{side}",
                GivenCapacity(Role.PROVIDER_ADMIN, provider=self.providers[side]),
            )
            Recognition.objects.filter(provider_id=self.providers[side]).update(
                valid_to=self.world.day + timedelta(days=60)
            )
            self._requests(side, "enterprise", boss)
            self._requests(side, "provider", head)
        self.things["document"] = [
            Thing(number, "kept")
            for number in Document.objects.order_by("id").values_list("pk", flat=True)[:2]
        ]
        self.things["provider"] = [Thing(number, "known") for number in self.providers.values()]

    def _requests(self, side: str, whose: str, actor: Actor) -> None:
        world = self.world
        for state in ("withdrawn", "refused", "waits"):
            number = request_recognition(
                actor=actor,
                asked=asked_on(world.day, trade_name=SECRETS[side]),
                uploads=uploads(certificate=Upload(f"{SECRETS[side]}.pdf", PDF)),
                at=world.now,
            )
            if state == "withdrawn":
                withdraw_request(actor=actor, request=number, at=world.now)
            if state == "refused":
                decide(world, number, grant=False)
            self._add("request", side, whose, {state: number})

    # -- the office -----------------------------------------------------------------------------------------------

    def _things_of_the_office(self) -> None:
        """Letters without an address, as far as their cases come; one that left, and one that a printer had."""
        sole_trader(shop=None)
        world, proposer = self.world, self.world.office
        waits = {
            state: ask_letter(
                actor=replace(newcomer(f"vraagt-{state}"), proved_at=world.now), enterprise=SOLE, at=world.now
            )
            for state in ("open", "proposed", "decided", "printed")
        }
        for state in ("proposed", "decided", "printed"):
            propose_address(
                actor=proposer,
                activation=waits[state],
                address=("Thuisstraat 7", "9000 Gent"),
                reasons="Nagekeken.",
                at=world.now,
            )
        for state in ("decided", "printed"):
            confirm_address(actor=self.actors[Role.OFFICE], activation=waits[state], at=world.now)
        about = {subject: state for state, subject in waits.items()}
        self.things["case"] = [
            Thing(case.pk, about.get(case.subject_id, "") if case.kind == "letter_address" else "application")
            for case in Case.objects.order_by("id")
        ]
        first, second = PaperLetter.objects.order_by("id")
        hand_over(actor=proposer, letter=second.pk, at=world.now)
        self.things["letter"] = [Thing(first.pk, "waits"), Thing(second.pk, "printed")]
        self.things["person"] = [Thing(self.newcomer, "known")]

    # -- what only some look at -----------------------------------------------------------------------------------

    def _things_of_who_looks(self) -> None:
        operator = self.actors[Role.OPERATOR]
        self._order_something()
        self.things["run"].append(Thing(make_run(actor=operator, at=self.world.now), "made by yourself"))
        self.things["enterprise"] = [Thing(ENTERPRISE, "active"), Thing(OTHER_ENTERPRISE, "active")]
        numbers = Message.objects.order_by("id").values_list("pk", flat=True)
        self.things["message"] = [Thing(number, "written") for number in numbers[:2]]
        for kind in self.things.keys() - {"enterprise", "reference"}:
            self.things[kind].append(Thing(10**30, "unknown", OTHER))


def _reference(application: int) -> str:
    return wallets.wallet(application).reference
