"""Starting, keeping, submitting and deciding an application."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from portefeuille.applications import letters
from portefeuille.applications.asked import Asked
from portefeuille.applications.facts import facts
from portefeuille.applications.lifecycle import must
from portefeuille.applications.models import Application, CeilingUse, Decision, Participant
from portefeuille.applications.operations.load import lock
from portefeuille.budget.operations.reserve import reserve
from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import open_case
from portefeuille.core import rules
from portefeuille.core.calendar import after_days, legal_day
from portefeuille.core.errors import BudgetExhausted, CannotDecide
from portefeuille.core.lifecycle import State, Verb
from portefeuille.history.operations import once, record
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.register import queries as register
from portefeuille.wallet import queries as wallets
from portefeuille.wallet.operations.open_wallet import open_wallet


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of a submission."""

    application: int
    project_number: str
    state: State


def start_draft(*, actor: Actor, at: datetime, answers: Mapping[str, Any] | None = None) -> int:
    """Begin an application for the actor's enterprise; returns its id. Raises Invalid without a profile."""
    actor.must("apply", enterprise=actor.enterprise)
    identity.profile(actor.enterprise)
    row = Application.objects.create(
        scheme=settings.SCHEME,
        enterprise_number=actor.enterprise,
        enterprise_name=register.enterprise(actor.enterprise).name,
        answers=dict(answers or {}),
        started_at=at,
        started_by=actor.person_id or 0,
    )
    return row.pk


@transaction.atomic
def save_draft(*, actor: Actor, application: int, answers: Mapping[str, Any]) -> None:
    """Keep what was typed, as it was typed."""
    row = lock(application)
    actor.must("apply", enterprise=row.enterprise_number)
    must(Verb.SUBMIT, row)
    row.answers = {**row.answers, **answers}
    row.save(update_fields=["answers"])


def submit(*, actor: Actor, application: int, asked: Asked, key: str, at: datetime) -> Submitted:
    """Submit a draft: it gets its project number and, when nothing is unknown, its decision at once.

    Raises NotAllowed, WrongState, Invalid (with the field). An application that the rules can't decide, or that finds
    no room in the budget, is submitted and waits.
    """
    answer = once(
        key=key,
        actor=actor,
        verb="submit",
        body={"application": application, "asked": repr(asked)},
        at=at,
        act=lambda: _submit(actor, application, asked, at),
    )
    return Submitted(answer["application"], answer["project_number"], State(answer["state"]))


def _submit(actor: Actor, application: int, asked: Asked, at: datetime) -> dict[str, Any]:
    row = lock(application)
    actor.must("submit", enterprise=row.enterprise_number)
    must(Verb.SUBMIT, row)
    asked.must_be_complete()
    _fill(row, asked, actor, at)
    Participant.objects.bulk_create(
        Participant(application=row, name=person.name.strip(), tie=person.tie) for person in asked.people
    )
    record(
        actor=actor,
        verb="submit",
        subject="application",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"project_number": row.project_number},
    )
    decide_now(row, asked, actor=actor, at=at)
    return {"application": row.pk, "project_number": row.project_number, "state": row.state}


def _fill(row: Application, asked: Asked, actor: Actor, at: datetime) -> None:
    assert asked.amount is not None, "must_be_complete saw to it"
    row.state = State.SUBMITTED
    row.project_number = _project_number(legal_day(at).year)
    row.submitted_at = at
    row.submitted_by = actor.person_id
    row.service = asked.service
    row.name = asked.name.strip()
    row.theme = asked.theme
    row.form = asked.form
    row.nace_version = asked.nace_version
    row.nace_code = asked.nace_code
    row.support = asked.support.strip()
    row.agreement_on = asked.agreement_on
    row.starts_on = asked.starts_on
    row.ends_on = asked.ends_on
    row.amount_cents = asked.amount.cents
    row.vat_basis_points = None if asked.vat_exempt else asked.vat_basis_points
    row.provider_id = asked.provider
    row.recognition_number = asked.recognition_number
    row.save()


def _project_number(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('application_project_number')")
        return f"KP{year}-{cursor.fetchone()[0]:06d}"


def decide_now(row: Application, asked: Asked, *, actor: Actor, at: datetime) -> None:
    """Let the rules decide the (locked, submitted) application and do what the outcome asks."""
    applied_on = legal_day(row.submitted_at or at)
    decision = judge(row, asked, applied_on)
    Decision.objects.create(
        application=row, at=at, outcome=decision.outcome, record=decision.record, digest=decision.digest
    )
    if decision.outcome == "approved":
        _approve_or_wait(row, decision, applied_on, actor=actor, at=at)
    elif decision.outcome == "refused":
        refuse(row, reasons=_reasons(decision), actor=actor, at=at)
    else:
        _wait(
            row,
            "office",
            letters.waiting(
                letters.Desk.for_applications([row]), row, [one.question for one in decision.missing]
            ),
            at,
        )


def judge(
    row: Application, asked: Asked, applied_on: date, *, findings: Sequence[Mapping[str, Any]] = ()
) -> rules.Decision:
    """What the rules say of an application now, with the enterprise's year locked until the transaction ends."""
    _lock_ceiling(row, applied_on)
    return rules.decide(
        facts(row.enterprise_number, row.scheme, asked, on=applied_on, findings=findings),
        scheme=rules.load_scheme(row.scheme),
        on=applied_on,
    )


def _approve_or_wait(
    row: Application, decision: rules.Decision, applied_on: date, *, actor: Actor, at: datetime
) -> None:
    try:
        with transaction.atomic():
            approve(row, decision, applied_on, actor=actor, at=at)
    except BudgetExhausted:
        row.refresh_from_db()
        _wait(row, "budget", letters.waiting_for_budget(letters.Desk.for_applications([row]), row), at)


def approve(
    row: Application,
    decision: rules.Decision,
    applied_on: date,
    *,
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    """Grant what the decision computed: wallet, ceiling, letter, and last of all the budget.

    Raises BudgetExhausted, CannotDecide when the amounts are unknown.
    """
    must(Verb.APPROVE, row)
    if decision.subsidy is None or decision.own_share is None:
        raise CannotDecide("De bedragen zijn niet bekend. Vul eerst aan wat ontbreekt.")
    regime = rules.load_scheme(row.scheme).on(applied_on)
    # The term runs from today. A regime that counts from the application means the same day, for the rules decide at
    # once; when a person had to look, nobody could deposit before, and the wait must not eat the term.
    row.state = State.APPROVED
    row.regime = regime.key
    row.subsidy_cents = decision.subsidy.cents
    row.own_share_cents = decision.own_share.cents
    row.ceiling_year = applied_on.year
    row.counted_cents = decision.subsidy.cents
    row.decided_at = at
    row.waiting_for = ""
    row.save()
    open_wallet(
        application=row.pk,
        own_share=decision.own_share,
        subsidy=decision.subsidy,
        deposit_until=after_days(legal_day(at), regime.parameter("deposit_term_days").value),
        is_exact=regime.parameter("deposit_mode").value == "exact",
    )
    CeilingUse.objects.filter(
        enterprise_number=row.enterprise_number, scheme=row.scheme, year=applied_on.year
    ).update(granted_cents=F("granted_cents") + decision.subsidy.cents)
    record(
        actor=actor,
        verb="approve",
        subject="application",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason=reason,
        facts={
            "subsidy": str(decision.subsidy),
            "own_share": str(decision.own_share),
            "digest": decision.digest,
        },
    )
    messages.write(
        [letters.deposit_request(letters.Desk.for_applications([row]), row, wallets.wallet(row.pk))], at=at
    )
    reserve(scheme=row.scheme, year=applied_on.year, subsidy=decision.subsidy)


def refuse(row: Application, *, reasons: list[str], actor: Actor, at: datetime) -> None:
    """Refuse, with the reasons in words."""
    must(Verb.REFUSE, row)
    row.state = State.REFUSED
    row.decided_at = at
    row.waiting_for = ""
    row.save(update_fields=["state", "decided_at", "waiting_for"])
    record(
        actor=actor,
        verb="refuse",
        subject="application",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason="\n".join(reasons),
    )
    messages.write([letters.refusal(letters.Desk.for_applications([row]), row, reasons)], at=at)


def _wait(row: Application, what: str, letter: messages.Letter, at: datetime) -> None:
    row.waiting_for = what
    row.save(update_fields=["waiting_for"])
    open_case(kind=Kind.APPLICATION, subject_id=row.pk, enterprise=row.enterprise_number, at=at)
    messages.write([letter], at=at)


def _reasons(decision: rules.Decision) -> list[str]:
    return [
        " ".join(part for part in (verdict.reason, verdict.cure) if part)
        for verdict in decision.rules
        if verdict.verdict == "not met"
    ]


def _lock_ceiling(row: Application, applied_on: date) -> None:
    """Take the enterprise's row for the year, made when it is the first: two applications can't both see its room."""
    # The rules hold each enterprise to its own figure; the table's guard is the highest that the regime knows.
    ceiling = rules.load_scheme(row.scheme).on(applied_on).highest_ceiling
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO applications_ceilinguse (enterprise_number, scheme, year, ceiling_cents, granted_cents)
               VALUES (%s, %s, %s, %s, 0) ON CONFLICT ON CONSTRAINT ceiling_use_once_a_year
               DO UPDATE SET ceiling_cents = applications_ceilinguse.ceiling_cents""",
            [row.enterprise_number, row.scheme, applied_on.year, ceiling],
        )
