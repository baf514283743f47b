"""The office's queue as its page shows it: what each case is about and why it waits, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from portefeuille.activation import queries as activations
from portefeuille.applications import queries as applications
from portefeuille.cases.kinds import Kind
from portefeuille.cases.queries import CaseView
from portefeuille.core.calendar import legal_day
from portefeuille.core.identifiers import dotted
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.providers import requests as recognitions
from portefeuille.register import queries as register
from portefeuille.signin import queries as signin
from portefeuille.web.ui.words import CASE_KINDS, SERVICES, WHY_OFFICE


@dataclass(frozen=True, slots=True)
class Line:
    """One case: ``what`` it is about, ``more`` that tells it apart, and ``why`` it waits.

    ``may_check``: it has a proposal of a colleague, which this person may confirm.
    """

    case: CaseView
    kind: str
    what: str
    more: str
    why: str
    owner: str
    is_late: bool
    is_mine: bool
    may_take: bool
    may_check: bool
    address: str


@dataclass(frozen=True, slots=True)
class _About:
    what: str
    more: str
    why: str


def lines_of(cases: Iterable[CaseView], *, actor: Actor, at: datetime) -> list[Line]:
    """In the order in which they came."""
    shown = list(cases)
    ids = {kind: [one.subject_id for one in shown if one.kind is kind] for kind in Kind}
    about = {
        Kind.APPLICATION: _applications(ids[Kind.APPLICATION], actor),
        Kind.LETTER_ADDRESS: _letters(ids[Kind.LETTER_ADDRESS], actor, at),
        Kind.CARD_ADDRESS: _cards(ids[Kind.CARD_ADDRESS], actor),
        Kind.RECOGNITION: _recognitions(ids[Kind.RECOGNITION], actor),
    }
    nothing = _About(_("Niet meer te vinden"), "", "")
    today = legal_day(at)
    return [_line(one, about[one.kind].get(one.subject_id, nothing), actor, today) for one in shown]


def _line(case: CaseView, about: _About, actor: Actor, today: date) -> Line:
    is_mine = case.owner is not None and case.owner == actor.person_id
    return Line(
        case=case,
        kind=str(CASE_KINDS[case.kind]),
        what=about.what,
        more=about.more,
        why=why_of(case, about.why),
        owner=owner_words(case, actor),
        is_late=case.is_late(today),
        is_mine=is_mine,
        may_take=case.may_be_taken_by(actor),
        may_check=case.may_be_confirmed_by(actor),
        address=reverse("case_of", args=[case.id]),
    )


def why_of(case: CaseView, why: str) -> str:
    """Where a proposal stands, a second person is what it waits for."""
    if case.proposal is None:
        return why
    return _("Voorstel van %(name)s: wacht op een tweede persoon") % {"name": case.proposer_name}


def owner_words(case: CaseView, actor: Actor) -> str:
    """Whose work it is: nobody's, a colleague's, or yours."""
    if case.owner is None:
        return _("van niemand")
    if case.owner == actor.person_id:
        return _("van jou")
    return _("van %(name)s") % {"name": case.owner_name}


def _applications(numbers: list[int], actor: Actor) -> dict[int, _About]:
    if not numbers:
        return {}
    questions = applications.open_questions(numbers)
    found = applications.in_queue(numbers, actor=actor)
    return {
        number: _About(
            one.enterprise_name,
            one.project_number,
            _("Budget")
            if one.waiting_for == "budget"
            else "; ".join(questions.get(number, [])) or _("Een beslissing"),
        )
        for number, one in found.items()
    }


def _letters(numbers: list[int], actor: Actor, at: datetime) -> dict[int, _About]:
    if not numbers:
        return {}
    found = activations.activations(numbers, actor=actor, at=at)
    firms = register.names({one.enterprise for one in found.values()})
    return {
        number: _About(
            firms.get(one.enterprise, dotted(one.enterprise)),
            dotted(one.enterprise),
            str(WHY_OFFICE.get(one.why_office, "")),
        )
        for number, one in found.items()
    }


def _cards(numbers: list[int], actor: Actor) -> dict[int, _About]:
    if not numbers:
        return {}
    found = signin.cards_to_send(numbers, actor=actor)
    people = identity.names_of({one.person for one in found.values()})
    return {
        number: _About(
            people.get(one.person, ""),
            _("kaart nummer %(number)s") % {"number": number},
            _("Het Rijksregister kent geen adres"),
        )
        for number, one in found.items()
    }


def _recognitions(numbers: list[int], actor: Actor) -> dict[int, _About]:
    if not numbers:
        return {}
    found = recognitions.requests(numbers, actor=actor)
    firms = register.names({one.enterprise for one in found.values()})
    return {
        number: _About(
            firms.get(one.enterprise, dotted(one.enterprise)),
            one.renews or dotted(one.enterprise),
            (_("Verlenging voor %(service)s") if one.renews else _("Nieuwe erkenning voor %(service)s"))
            % {"service": str(SERVICES[one.service]).lower()},
        )
        for number, one in found.items()
    }
