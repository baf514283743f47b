"""Reading the office's queue."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portefeuille.cases.kinds import HABITS, Kind
from portefeuille.cases.models import Case
from portefeuille.core.errors import NotFound, WrongState
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as the office sees it. ``owner_name`` is empty while nobody works on it.

    ``about_person`` is whose own request it is: somebody of the office may be that person, and then can't decide.
    """

    id: int
    kind: Kind
    subject_id: int
    enterprise: str
    about_person: int | None
    opened_at: datetime
    term_on: date
    owner: int | None
    owner_name: str
    proposal: dict[str, Any] | None
    proposed_by: int | None
    proposed_at: datetime | None
    proposer_name: str
    reasons: str
    closed_at: datetime | None
    outcome: str

    @property
    def takes_two(self) -> bool:
        """Whether a second person must agree."""
        return HABITS[self.kind].takes_two

    def is_late(self, today: date) -> bool:
        """Whether its term has passed while it still waits."""
        return self.closed_at is None and today > self.term_on

    def is_own_request_of(self, actor: Actor) -> bool:
        """Whether this person asked for it: then a colleague must answer."""
        return self.about_person is not None and self.about_person == actor.person_id

    def may_be_answered_by(self, actor: Actor) -> bool:
        """Whether it waits, for somebody like this person."""
        return self.closed_at is None and actor.may("take_case") and not self.is_own_request_of(actor)

    def may_be_taken_by(self, actor: Actor) -> bool:
        """Whether this person may make it theirs: not when it is already, nor when a proposal waits for another."""
        return self.may_be_answered_by(actor) and self.proposal is None and self.owner != actor.person_id

    def may_be_confirmed_by(self, actor: Actor) -> bool:
        """Whether it has a proposal of somebody else, to which this person may agree or not."""
        return (
            self.may_be_answered_by(actor)
            and self.proposal is not None
            and self.proposed_by != actor.person_id
        )


def waiting(*, actor: Actor) -> list[CaseView]:
    """Everything that waits, what must be answered first on top. Raises NotAllowed."""
    actor.must("see_queue")
    rows = list(Case.objects.filter(closed_at=None).order_by("term_on", "id"))
    names = _names(rows)
    return [_view(row, names) for row in rows]


def case(number: int, *, actor: Actor) -> CaseView:
    """One case. Raises NotAllowed, NotFound."""
    actor.must("see_queue")
    row = Case.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("Deze zaak bestaat niet.")
    return _view(row, _names([row]))


def about(kind: Kind, subject_id: int, *, actor: Actor) -> CaseView | None:
    """The open case about something, else the last one that was closed; None when there never was one."""
    actor.must("see_queue")
    found = Case.objects.filter(kind=kind, subject_id=subject_id)
    row = found.filter(closed_at=None).first() or found.order_by("-id").first()
    return None if row is None else _view(row, _names([row]))


def applications_of(cases: Iterable[int]) -> dict[int, int]:
    """The application that each of these cases is about, of those that are about one."""
    rows = Case.objects.filter(pk__in=list(cases), kind=Kind.APPLICATION)
    return dict(rows.values_list("pk", "subject_id"))


def must_wait_about(kind: Kind, subject_id: int, *, actor: Actor) -> CaseView:
    """The case that is open about something. Raises NotAllowed, WrongState when there is none."""
    found = about(kind, subject_id, actor=actor)
    if found is None or found.closed_at is not None:
        raise WrongState("Hierover is al beslist. Laad de pagina opnieuw.")
    return found


def _names(rows: Iterable[Case]) -> dict[int, str]:
    """Of everybody who works on these, in one query."""
    people = {person for row in rows for person in (row.owner, row.proposed_by) if person is not None}
    return identity.names_of(people)


def _view(row: Case, names: dict[int, str]) -> CaseView:
    return CaseView(
        id=row.pk,
        kind=Kind(row.kind),
        subject_id=row.subject_id,
        enterprise=row.enterprise_number,
        about_person=row.about_person,
        opened_at=row.opened_at,
        term_on=row.term_on,
        owner=row.owner,
        owner_name=names.get(row.owner, "") if row.owner is not None else "",
        proposal=row.proposal,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        proposer_name=names.get(row.proposed_by, "") if row.proposed_by is not None else "",
        reasons=row.reasons,
        closed_at=row.closed_at,
        outcome=row.outcome,
    )
