"""The life of applications, as scenarios: from submission to the end, and what each step does to money and people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, PROVIDER_IBAN, World

from portefeuille.applications import queries
from portefeuille.applications.models import Application, CeilingUse, Decision
from portefeuille.applications.operations.confirm_delivery import confirm_delivery
from portefeuille.applications.operations.decide_by_hand import decide_by_hand
from portefeuille.applications.operations.lapse_overdue import lapse_overdue
from portefeuille.applications.operations.stop import cancel, lapse
from portefeuille.applications.operations.submit import save_draft, start_draft, submit
from portefeuille.budget.models import Budget
from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import Kind
from portefeuille.core.errors import (
    Invalid,
    KeyReused,
    MoreThanAvailable,
    NotAllowed,
    NotFound,
    Refusal,
    WrongState,
)
from portefeuille.core.lifecycle import TABLE, State, Verb
from portefeuille.core.money import Money
from portefeuille.history.models import Event
from portefeuille.history.queries import events_of
from portefeuille.identity.models import Capacity, EnterpriseProfile, Mandate
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.messages import queries as messages
from portefeuille.providers.models import Recognition
from portefeuille.register.models import Activity, Enterprise
from portefeuille.wallet import queries as wallets


def euros(text: str) -> Money:
    return Money.euros(text)


def kinds(application: int) -> list[str]:
    return [message.kind for message in messages.of_application(application)]


class TestSubmitting:
    def test_an_application_that_meets_every_condition_is_approved_at_once(self, world: World) -> None:
        application = world.apply("10000.00")
        view = world.view(application)
        assert view.state is State.APPROVED
        assert (view.subsidy, view.own_share) == (euros("4000.00"), euros("6000.00"))
        assert view.project_number.startswith("KP2026-")
        assert kinds(application) == ["deposit_request"]
        world.prove()

    def test_the_letter_says_account_amount_reference_and_term(self, world: World) -> None:
        application = world.apply("10000.00")
        [letter] = messages.of_application(application)
        reference = wallets.wallet(application).reference
        for words in (
            "BE49 9990 0000 0171",
            "€ 6.000,00",
            f"+++{reference[:3]}/{reference[3:7]}/{reference[7:]}+++",
            "1/4/2026",
            "niet aan je dienstverlener",
            world.view(application).project_number,
        ):
            assert words in letter.text
        assert "%" not in letter.text

    def test_the_project_number_is_not_the_payment_reference(self, world: World) -> None:
        application = world.apply()
        digits = [mark for mark in world.view(application).project_number if mark.isdigit()]
        assert "".join(digits) not in wallets.wallet(application).reference

    def test_an_advice_number_on_a_training_is_refused_and_the_right_one_offered(self, world: World) -> None:
        application = world.apply(recognition_number="DV.A900502")
        assert world.view(application).state is State.REFUSED
        [letter] = messages.of_application(application)
        assert letter.kind == "refusal"
        assert "DV.O900501" in letter.text
        world.prove()

    def test_a_refused_application_uses_no_room(self, world: World) -> None:
        world.apply(recognition_number="DV.A900502")
        assert queries.ceiling(ENTERPRISE, "gids", on=world.day).granted == Money.ZERO

    def test_above_the_room_left_the_subsidy_is_the_room(self, world: World) -> None:
        world.apply("7500.00")
        second = world.view(world.apply("7500.00"))
        assert (second.subsidy, second.own_share) == (euros("1000.00"), euros("6500.00"))
        assert queries.ceiling(ENTERPRISE, "gids", on=world.day).left == Money.ZERO
        assert world.view(world.apply("100.00")).state is State.REFUSED
        world.prove()

    def test_the_same_request_again_gets_the_same_answer(self, world: World) -> None:
        draft = start_draft(actor=world.entrepreneur, at=world.now)
        sent = {"actor": world.entrepreneur, "application": draft, "key": "one", "at": world.now}
        first = submit(asked=world.asked(), **sent)
        again = submit(asked=world.asked(), **sent)
        assert first == again
        assert Decision.objects.count() == 1

    def test_the_same_key_with_another_request_is_refused(self, world: World) -> None:
        draft = start_draft(actor=world.entrepreneur, at=world.now)
        sent = {"actor": world.entrepreneur, "application": draft, "key": "one", "at": world.now}
        submit(asked=world.asked(), **sent)
        with pytest.raises(KeyReused):
            submit(asked=world.asked("1.00"), **sent)

    def test_a_refused_request_stores_no_answer(self, world: World) -> None:
        draft = start_draft(actor=world.entrepreneur, at=world.now)
        sent = {"actor": world.entrepreneur, "application": draft, "key": "one", "at": world.now}
        with pytest.raises(Invalid):
            submit(asked=world.asked(declared=False), **sent)
        assert submit(asked=world.asked(), **sent).state is State.APPROVED

    @pytest.mark.parametrize(
        ("missing", "field"),
        [
            ({"service": ""}, "service"),
            ({"nace_code": ""}, "nace"),
            ({"name": " "}, "name"),
            ({"theme": ""}, "theme"),
            ({"form": ""}, "form"),
            ({"people": ()}, "people"),
            ({"agreement_on": None}, "agreement_on"),
            ({"starts_on": None}, "starts_on"),
            ({"ends_on": None}, "ends_on"),
            ({"ends_on": date(2026, 3, 1)}, "ends_on"),
            ({"amount": None}, "amount"),
            ({"vat_basis_points": None}, "vat"),
            ({"support": " "}, "support"),
            ({"provider": None}, "provider"),
            ({"declared": False}, "declared"),
        ],
    )
    def test_what_is_missing_is_named(self, world: World, missing: dict[str, object], field: str) -> None:
        with pytest.raises(Invalid) as refused:
            world.apply(**missing)
        assert refused.value.field == field
        assert Application.objects.get().state == State.DRAFT

    def test_a_draft_keeps_what_was_typed(self, world: World) -> None:
        draft = start_draft(actor=world.entrepreneur, at=world.now, answers={"name": "Leidin"})
        save_draft(actor=world.entrepreneur, application=draft, answers={"amount": "1.0000,x"})
        assert queries.application(draft, actor=world.entrepreneur).answers == {
            "name": "Leidin",
            "amount": "1.0000,x",
        }

    def test_the_preview_is_the_decision(self, world: World) -> None:
        foretold = queries.preview(
            actor=world.entrepreneur, asked=world.asked("12000.00"), scheme="gids", on=world.day
        )
        [decided] = queries.decisions(world.apply("12000.00"))
        assert foretold.as_dict()["amounts"] == decided.decision.as_dict()["amounts"]
        assert [(rule.rule, rule.verdict) for rule in foretold.rules] == [
            (rule.rule, rule.verdict) for rule in decided.decision.rules
        ]

    @pytest.mark.parametrize("amount", ["1000.00", "1000.01", "1000.03", "999.98", "123.45"])
    def test_the_vat_on_every_page_is_the_decisions_to_the_cent(self, world: World, amount: str) -> None:
        application = world.apply(amount)
        [decided] = queries.decisions(application)
        assert world.view(application).vat == decided.decision.amounts.vat

    def test_a_decision_replays_to_the_same_bytes_after_everything_changed(self, world: World) -> None:
        """F3: another size, name, activity and recognition since, and room in the ceiling that is used up."""
        application = world.apply()
        [before] = queries.decisions(application)
        world.apply("5000.00")
        Enterprise.objects.update(situation="050", legal_form="017")
        Activity.objects.update(nace_code="01110")
        EnterpriseProfile.objects.update(size="large")
        Recognition.objects.update(valid_to=date(2021, 1, 1))
        Application.objects.update(name="Iets anders", theme="other")
        [after] = queries.decisions(application)
        assert after.decision.record == before.decision.record
        assert (after.digest, after.decision.digest) == (before.digest, before.digest)
        assert after.outcome == "approved"

    def test_two_years_of_use_close_the_third(self, world: World) -> None:
        for year in (2024, 2025):
            Application.objects.create(
                state=State.CLOSED,
                scheme="gids",
                enterprise_number=ENTERPRISE,
                enterprise_name="Bakkerij Korst",
                project_number=f"KP{year}-999999",
                ceiling_year=year,
                started_at=world.now,
                started_by=0,
            )
        assert world.view(world.apply()).state is State.REFUSED


class TestBudget:
    def test_without_room_in_the_budget_an_application_waits_and_reserves_nothing(self, world: World) -> None:
        Budget.objects.update(voted_cents=399_999)
        application = world.apply()
        view = world.view(application)
        assert (view.state, view.waiting_for) == (State.SUBMITTED, "budget")
        assert kinds(application) == ["waiting_for_budget"]
        assert wallets.find(application) is None
        assert Budget.objects.get().committed_cents == 0
        assert CeilingUse.objects.get().granted_cents == 0
        world.prove()

    def test_the_office_approves_it_once_there_is_room(self, world: World) -> None:
        Budget.objects.update(voted_cents=0)
        application = world.apply()
        Budget.objects.update(voted_cents=400_000)
        decide_by_hand(
            actor=world.office,
            application=application,
            grant=True,
            reasons="Er is weer budget.",
            at=world.now,
        )
        assert world.view(application).state is State.APPROVED
        world.prove()

    @pytest.mark.parametrize(
        ("columns", "constraint"),
        [
            ({"committed_cents": 100_000_001}, "budget_not_exceeded"),
            ({"committed_cents": -1}, "budget_never_negative"),
        ],
    )
    def test_the_budgets_constraints_refuse(
        self, world: World, columns: dict[str, int], constraint: str
    ) -> None:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Budget.objects.update(**columns)


class TestTheOffice:
    @pytest.fixture
    def from_brussels(self, world: World) -> int:
        actor = world.enterprise(
            OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
        )
        return world.apply(actor=actor)

    def test_what_can_not_be_decided_waits_for_the_office(self, world: World, from_brussels: int) -> None:
        view = world.view(from_brussels)
        assert (view.state, view.waiting_for) == (State.SUBMITTED, "office")
        [case] = cases.waiting(actor=world.office)
        assert (case.kind, case.subject_id) == (Kind.APPLICATION, from_brussels)
        assert kinds(from_brussels) == ["waiting"]

    def test_the_office_approves_with_reasons(self, world: World, from_brussels: int) -> None:
        decide_by_hand(
            actor=world.office,
            application=from_brussels,
            grant=True,
            reasons="De deelnemers werken in Vilvoorde.",
            at=world.now,
        )
        assert world.view(from_brussels).state is State.APPROVED
        by_rules, by_office = queries.decisions(from_brussels)
        assert (by_rules.outcome, by_office.outcome) == ("cannot_decide", "approved")
        assert by_office.decided_by == world.office.person_id
        assert by_office.reasons == "De deelnemers werken in Vilvoorde."
        world.prove()

    def test_the_office_refuses_with_reasons_that_the_enterprise_reads(
        self, world: World, from_brussels: int
    ) -> None:
        decide_by_hand(
            actor=world.office,
            application=from_brussels,
            grant=False,
            reasons="Niemand werkt er.",
            at=world.now,
        )
        assert world.view(from_brussels).state is State.REFUSED
        assert "Niemand werkt er." in messages.of_application(from_brussels)[-1].text

    def test_a_decision_needs_reasons(self, world: World, from_brussels: int) -> None:
        with pytest.raises(Invalid, match="waarom"):
            decide_by_hand(
                actor=world.office, application=from_brussels, grant=True, reasons=" ", at=world.now
            )

    @pytest.mark.parametrize("tie", ["enterprise", "once", "office", "provider"])
    def test_nobody_decides_what_concerns_their_own_firm(
        self, world: World, from_brussels: int, tie: str
    ) -> None:
        """A civil servant with a firm beside it, also one who left it yesterday."""
        clerk = world.office.person_id
        assert clerk is not None
        firm = {"office": ENTERPRISE, "provider": ""}.get(tie, OTHER_ENTERPRISE)
        Capacity.objects.create(
            person_id=clerk,
            role=Role.PROVIDER if tie == "provider" else Role.ENTREPRENEUR,
            enterprise_number=firm,
            provider_id=world.provider_id if tie == "provider" else None,
            ended_at=world.now if tie == "once" else None,
        )
        if tie == "office":
            Mandate.objects.create(
                enterprise_number=OTHER_ENTERPRISE, office_number=ENTERPRISE, given_at=world.now, given_by=1
            )
        with pytest.raises(NotAllowed, match="Een collega moet beslissen"):
            decide_by_hand(
                actor=world.office, application=from_brussels, grant=True, reasons="Mooi.", at=world.now
            )
        assert world.view(from_brussels).state is State.SUBMITTED
        colleague = world.person("collega", GivenCapacity(Role.OFFICE))
        decide_by_hand(
            actor=colleague, application=from_brussels, grant=True, reasons="Vilvoorde.", at=world.now
        )
        assert world.view(from_brussels).state is State.APPROVED

    def test_the_office_can_not_overrule_what_the_rules_know(self, world: World) -> None:
        actor = world.enterprise(
            OTHER_ENTERPRISE, "Studio", "BE95999020000258", zipcode="1000", works_at="1800"
        )
        application = world.apply(actor=actor, form="online")
        if world.view(application).state is State.SUBMITTED:
            with pytest.raises(WrongState, match="niet in orde"):
                decide_by_hand(
                    actor=world.office, application=application, grant=True, reasons="Toch.", at=world.now
                )
        else:
            assert world.view(application).state is State.REFUSED

    def test_a_decided_application_is_not_decided_again(self, world: World) -> None:
        with pytest.raises(WrongState):
            decide_by_hand(
                actor=world.office, application=world.apply(), grant=False, reasons="Nee.", at=world.now
            )

    def test_only_the_office_decides(self, world: World, from_brussels: int) -> None:
        with pytest.raises(NotAllowed):
            decide_by_hand(
                actor=world.operator, application=from_brussels, grant=True, reasons="Ja.", at=world.now
            )


class TestDepositing:
    def test_the_guides_story_of_a_deposit_in_two_parts(self, world: World) -> None:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "4000.00")
        report = world.statement()
        assert (report.deposited, report.topped_up) == (euros("4000.00"), euros("2666.66"))
        assert world.view(application).state is State.PARTLY_FUNDED
        letter = messages.of_application(application)[-1]
        assert "nog € 2.000,00 te storten" in letter.subject
        world.deposit(application, "2000.00")
        world.statement()
        assert world.view(application).state is State.FUNDED
        assert "geef nu je betaalopdracht" in messages.of_application(application)[-1].subject
        assert world.figures(application).held == euros("10000.00")
        world.prove()

    def test_history_tells_who_did_what(self, world: World) -> None:
        application = world.apply()
        world.deposit(application, "6000.00")
        world.statement()
        world.order(application)
        told = [(event.verb, event.role, event.person_id) for event in events_of("application", application)]
        assert told == [
            ("submit", "entrepreneur", world.entrepreneur.person_id),
            ("approve", "entrepreneur", world.entrepreneur.person_id),
            ("deposit", "operator", world.operator.person_id),
            ("order_payment", "entrepreneur", world.entrepreneur.person_id),
        ]

    def test_events_hold_no_names_or_accounts(self, world: World) -> None:
        application = world.apply()
        world.deposit(application, "6000.00")
        world.statement()
        told = " ".join(str(event.facts) + event.reason for event in Event.objects.all())
        for secret in ("Bakkerij", "Nele", PROVIDER_IBAN, "BE29999010000164", "@"):
            assert secret not in told


class TestPaying:
    @pytest.fixture
    def funded(self, world: World) -> int:
        return world.funded()

    def test_all_of_it_is_paid_and_vat_is_due_directly(self, world: World, funded: int) -> None:
        world.order(funded)
        world.pay()
        world.statement()
        assert world.view(funded).state is State.PAID
        provider_notice, enterprise_notice = messages.of_application(funded)[-2:]
        assert provider_notice.to_address == "hallo@kompas.example"
        number = world.view(funded).project_number
        for words in (
            "Bedrag: € 2.100,00",
            "Rekening: BE64 9990 3000 0352 van Kompas en Co BV",
            f"Mededeling: die van de factuur, of anders {number}",
            "btw-aangifte",
        ):
            assert words in enterprise_notice.text
        world.prove()

    def test_the_vat_is_asked_with_the_invoices_own_reference_when_the_order_told_it(
        self, world: World, funded: int
    ) -> None:
        world.order(funded, reference="+++090/9337/55493+++")
        world.pay()
        world.statement()
        for notice in messages.of_application(funded)[-2:]:
            assert "Mededeling: +++090/9337/55493+++" in notice.text

    def test_a_part_that_is_paid_does_not_say_that_nothing_is_left(self, world: World) -> None:
        application = world.apply("1000.00", vat_basis_points=None, vat_exempt=True)
        world.government_pays_in()
        world.deposit(application, "600.00")
        world.statement()
        world.order(application, "400.00")
        world.pay()
        world.statement()
        told = messages.of_application(application)[-1].text
        assert "je dienstverlener moet nog € 600,00 krijgen" in told
        assert "niets meer te betalen" not in told
        world.order(application)
        world.pay()
        world.statement()
        assert "Je hoeft dus niets meer te betalen." in messages.of_application(application)[-1].text

    def test_a_part_that_is_paid_while_the_rest_is_on_its_way_says_so(
        self, world: World, funded: int
    ) -> None:
        world.order(funded, "4000.00")
        world.pay()
        world.order(funded, "6000.00")
        world.statement()
        told = messages.of_application(funded)[-1].text
        assert "De rest, € 6.000,00, is onderweg." in told
        assert "btw" not in told

    def test_in_two_parts(self, world: World, funded: int) -> None:
        world.order(funded, "3333.33")
        world.order(funded, "6666.67")
        world.pay()
        world.statement()
        assert world.view(funded).state is State.PAID
        assert world.figures(funded).held == Money.ZERO
        world.prove()

    def test_part_of_it_is_partly_paid(self, world: World, funded: int) -> None:
        world.order(funded, "1.00")
        world.pay()
        world.statement()
        assert world.view(funded).state is State.PARTLY_PAID
        world.prove()

    def test_more_than_is_held_is_refused_with_what_is_held(self, world: World, funded: int) -> None:
        with pytest.raises(MoreThanAvailable, match=r"€ 10\.000,00") as refused:
            world.order(funded, "10000.01")
        assert refused.value.field == "amount"
        world.prove()

    @pytest.mark.parametrize("amount", ["0.00", "-5.00"])
    def test_nothing_can_not_be_ordered(self, world: World, funded: int, amount: str) -> None:
        with pytest.raises(Invalid):
            world.order(funded, amount)

    def test_the_same_order_again_is_the_same_payment(self, world: World, funded: int) -> None:
        first = world.order(funded, "100.00", key="k")
        assert world.order(funded, "100.00", key="k") == first
        assert world.figures(funded).ordered == euros("100.00")

    def test_a_wrong_structured_reference_is_refused(self, world: World, funded: int) -> None:
        with pytest.raises(Invalid) as refused:
            world.order(funded, reference="+++123/4567/89012+++")
        assert refused.value.field == "reference"

    def test_the_providers_own_reference_travels_with_the_payment(self, world: World, funded: int) -> None:
        world.order(funded, reference="+++123/4567/89002+++")
        [payment] = wallets.payments(funded)
        assert (payment.reference, payment.remittance) == ("123456789002", "")

    def test_without_it_the_project_number_does(self, world: World, funded: int) -> None:
        world.order(funded)
        [payment] = wallets.payments(funded)
        assert payment.remittance.startswith(world.view(funded).project_number)
        assert payment.creditor_name == "Kompas en Co BV"

    def test_a_payment_that_came_back_can_be_ordered_again(self, world: World, funded: int) -> None:
        payment = world.order(funded)
        world.pay()
        world.statement()
        world.bounce(payment)
        world.statement()
        assert world.view(funded).state is State.FUNDED
        assert world.figures(funded).held == euros("10000.00")
        assert kinds(funded)[-1] == "payment_bounced"
        world.prove()
        world.order(funded)
        world.pay()
        world.statement()
        assert world.view(funded).state is State.PAID
        world.prove()

    def test_another_enterprise_can_not_order(self, world: World, funded: int) -> None:
        stranger = world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258")
        with pytest.raises(NotAllowed):
            world.order(funded, actor=stranger)

    def test_the_provider_closes_it_after_the_last_day(self, world: World, funded: int) -> None:
        world.order(funded)
        world.pay()
        world.statement()
        with pytest.raises(WrongState, match="loopt nog"):
            confirm_delivery(actor=world.provider, application=funded, at=world.now)
        world.pass_days(4)
        confirm_delivery(actor=world.provider, application=funded, at=world.now)
        assert world.view(funded).state is State.CLOSED


class TestStopping:
    def test_cancelling_before_any_deposit_gives_everything_back(self, world: World) -> None:
        application = world.apply()
        cancel(actor=world.entrepreneur, application=application, at=world.now)
        assert world.view(application).state is State.CANCELLED
        assert queries.ceiling(ENTERPRISE, "gids", on=world.day).granted == Money.ZERO
        assert Budget.objects.get().committed_cents == 0
        assert kinds(application)[-1] == "cancelled"
        world.prove()

    def test_cancelling_with_money_inside_sends_each_part_where_it_came_from(self, world: World) -> None:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "4000.00")
        world.statement()
        stopped = cancel(actor=world.entrepreneur, application=application, at=world.now)
        assert (stopped.refund, stopped.returned, stopped.released) == (
            euros("4000.00"),
            euros("2666.66"),
            euros("4000.00"),
        )
        world.prove()
        world.pay()
        world.statement()
        assert world.bank.balance == euros("100000.00")
        world.prove()

    def test_what_was_paid_stays_used(self, world: World) -> None:
        application = world.funded()
        world.order(application, "5000.00")
        world.pay()
        world.statement()
        stopped = cancel(actor=world.entrepreneur, application=application, at=world.now)
        assert (stopped.refund, stopped.returned, stopped.released) == (
            euros("3000.00"),
            euros("2000.00"),
            euros("2000.00"),
        )
        assert queries.ceiling(ENTERPRISE, "gids", on=world.day).granted == euros("2000.00")
        world.prove()

    def test_a_payment_under_way_must_be_waited_for(self, world: World) -> None:
        application = world.apply()
        world.deposit(application, "6000.00")
        world.statement()
        world.order(application, "1.00")
        with pytest.raises(WrongState, match="onderweg"):
            cancel(actor=world.entrepreneur, application=application, at=world.now)
        world.prove()

    def test_stopping_in_a_later_year_gives_no_room_back(self, world: World) -> None:
        application = world.apply()
        world.day = date(2027, 1, 4)
        cancel(actor=world.entrepreneur, application=application, at=world.now)
        assert queries.ceiling(ENTERPRISE, "gids", on=date(2026, 3, 2)).granted == euros("4000.00")
        assert Budget.objects.get(year=2026).committed_cents == 0
        world.prove()

    def test_it_lapses_when_the_term_is_over_and_the_statements_cover_it(self, world: World) -> None:
        application = world.apply()
        world.government_pays_in()
        world.deposit(application, "1000.00")
        world.statement()
        last_day = wallets.wallet(application).deposit_until
        assert last_day == date(2026, 4, 1)

        world.day = last_day
        world.statement()
        assert lapse_overdue(at=world.now) == []
        world.day = last_day + timedelta(days=1)
        assert lapse_overdue(at=world.now) == [], "no statement covers the last day yet"
        world.statement()
        assert lapse_overdue(at=world.now) == [application]
        assert world.view(application).state is State.LAPSED
        assert kinds(application)[-1] == "lapsed"
        lapsed = Event.objects.get(verb="lapse")
        assert (lapsed.role, lapsed.at) == ("system", world.now)
        assert lapsed.reason == "Op 01/04/2026 was er nog € 5.000,00 te storten."
        assert lapse_overdue(at=world.now) == []
        world.prove()

    def test_a_full_wallet_never_lapses(self, world: World) -> None:
        application = world.apply()
        world.deposit(application, "6000.00")
        world.statement()
        world.day = date(2026, 6, 1)
        world.statement()
        assert lapse_overdue(at=world.now) == []
        assert world.view(application).state is State.FUNDED

    def test_a_term_that_runs_is_not_cut_short(self, world: World) -> None:
        application = world.apply()
        with pytest.raises(WrongState, match="loopt nog"):
            lapse(actor=Actor.system(), application=application, at=world.now)

    def test_a_deposit_after_the_stop_waits_for_a_person(self, world: World) -> None:
        application = world.apply()
        cancel(actor=world.entrepreneur, application=application, at=world.now)
        world.deposit(application, "6000.00")
        assert world.statement().exceptions == 1
        world.prove()


def test_before_the_account_is_entered_nothing_lapses(db: None) -> None:
    assert lapse_overdue(at=datetime(2026, 3, 2, 3, 15, tzinfo=UTC)) == []


class TestWalls:
    def test_another_enterprise_does_not_see_that_it_exists(self, world: World) -> None:
        application = world.apply()
        stranger = world.enterprise(OTHER_ENTERPRISE, "Vreemd", "BE95999020000258")
        with pytest.raises(NotFound):
            queries.application(application, actor=stranger)
        with pytest.raises(NotAllowed):
            queries.of_enterprise(ENTERPRISE, actor=stranger)

    def test_a_draft_is_nobody_elses_business(self, world: World) -> None:
        draft = start_draft(actor=world.entrepreneur, at=world.now)
        for actor in (world.provider, world.office, world.operator):
            with pytest.raises(NotFound):
                queries.application(draft, actor=actor)

    def test_only_the_provider_that_is_named_sees_it(self, world: World) -> None:
        application = world.apply()
        assert queries.application(application, actor=world.provider).id == application
        other = Actor(role=world.provider.role, person_id=1, provider=world.provider_id + 1)
        with pytest.raises(NotFound):
            queries.application(application, actor=other)


# Each verb as somebody would try it, whatever the state.
ATTEMPTS = {
    Verb.SUBMIT: lambda world, number: submit(
        actor=world.entrepreneur, application=number, asked=world.asked(), key=world.key(), at=world.now
    ),
    Verb.ORDER_PAYMENT: lambda world, number: world.order(number, "1.00"),
    Verb.CANCEL: lambda world, number: cancel(actor=world.entrepreneur, application=number, at=world.now),
    Verb.CLOSE: lambda world, number: confirm_delivery(
        actor=world.provider, application=number, at=world.now
    ),
    Verb.LAPSE: lambda world, number: lapse(actor=Actor.system(), application=number, at=world.now),
    Verb.APPROVE: lambda world, number: decide_by_hand(
        actor=world.office, application=number, grant=True, reasons="Ja.", at=world.now
    ),
    Verb.REFUSE: lambda world, number: decide_by_hand(
        actor=world.office, application=number, grant=False, reasons="Nee.", at=world.now
    ),
}


@pytest.mark.parametrize(
    ("verb", "state"),
    [(verb, state) for verb in ATTEMPTS for state in State if state not in TABLE[verb].starts],
)
def test_a_verb_out_of_order_is_refused_and_changes_nothing(world: World, verb: Verb, state: State) -> None:
    """F2: every pair outside the table."""
    application = world.apply()
    Application.objects.filter(pk=application).update(state=state)
    before = (list(Application.objects.values()), Event.objects.count(), list(wallets.transfers(application)))
    with pytest.raises(Refusal) as refused, transaction.atomic():
        ATTEMPTS[verb](world, application)
    assert isinstance(refused.value, WrongState)
    assert before == (
        list(Application.objects.values()),
        Event.objects.count(),
        list(wallets.transfers(application)),
    )


# The rows that the named constraints of these tables refuse.
REFUSED_ROWS = [
    (Application, {"subsidy_cents": 1, "own_share_cents": 1}, "application_amounts_add_up"),
    (Application, {"project_number": None}, "application_submitted_has_project_number"),
    (Application, {"amount_cents": 0, "subsidy_cents": None}, "application_amount_positive"),
    (CeilingUse, {"granted_cents": 400_001}, "ceiling_not_exceeded"),
    (CeilingUse, {"granted_cents": -1}, "ceiling_use_not_negative"),
]


@pytest.mark.parametrize(
    ("model", "columns", "constraint"), REFUSED_ROWS, ids=[row[2] for row in REFUSED_ROWS]
)
def test_the_constraints_refuse(
    world: World, model: type, columns: dict[str, object], constraint: str
) -> None:
    world.apply()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.update(**columns)


def test_every_check_of_these_tables_is_tripped_by_a_test() -> None:
    named = {
        one.name
        for model in (Application, CeilingUse)
        for one in model._meta.constraints
        if "once" not in one.name
    }
    assert named == {row[2] for row in REFUSED_ROWS}
