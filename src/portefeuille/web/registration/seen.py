"""Who looked at and who did what in the file of an enterprise: for its own people, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.applications import queries as applications
from portefeuille.cases import queries as cases
from portefeuille.core.identifiers import dotted
from portefeuille.history.queries import Seen, of_enterprise
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import OF_AN_ENTERPRISE, Actor, Role
from portefeuille.register import queries as register
from portefeuille.web.past import is_by_the_rules
from portefeuille.web.permission import page
from portefeuille.web.ui.words import LOOK_WORDS, deed_words

MOST = 200

# Strangers are named by what they are: their names are nobody's business, and the law asks for no more.
STAFF_WORDS = {
    Role.OFFICE: gettext_lazy("een dossierbehandelaar"),
    Role.OPERATOR: gettext_lazy("een financieel beheerder"),
    Role.INSPECTOR: gettext_lazy("een inspecteur"),
    Role.AUDITOR: gettext_lazy("een auditor"),
    Role.HELP_DESK: gettext_lazy("een medewerker van de helpdesk"),
    Role.REGIME_EDITOR: gettext_lazy("een beheerder van de regels"),
    Role.PROVIDER: gettext_lazy("een dienstverlener"),
    Role.PROVIDER_ADMIN: gettext_lazy("een dienstverlener"),
    Role.NEWCOMER: gettext_lazy("iemand die wil optreden voor je onderneming"),
    Role.SYSTEM: gettext_lazy("het platform, vanzelf"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was seen or done. ``project`` is the application that it was about, with its number."""

    at: datetime
    who: str
    what: str
    is_look: bool
    application: int | None
    project_number: str


@page(look="see_looks")
def seen(request: HttpRequest) -> HttpResponse:
    """The latest, newest first: all of it, or only who looked, or only what was done."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everything = lines_of(of_enterprise(actor.enterprise, limit=MOST), enterprise=actor.enterprise)
    wanted = request.GET.get("toon", "")
    narrow: dict[str, tuple[str, Callable[[Line], bool]]] = {
        "": (_("Alles"), lambda _one: True),
        "gekeken": (_("Wie keek"), lambda one: one.is_look),
        "gedaan": (_("Wie iets deed"), lambda one: not one.is_look),
    }
    wanted = wanted if wanted in narrow else ""
    context = {
        "lines": [one for one in everything if narrow[wanted][1](one)],
        "choices": [
            (words, f"?toon={key}" if key else "?", sum(map(fits, everything)), key == wanted)
            for key, (words, fits) in narrow.items()
        ],
        "is_empty": not everything,
        "most": MOST if len(everything) == MOST else None,
    }
    return render(request, "registration/seen.html", context)


def lines_of(happened: Iterable[Seen], *, enterprise: str) -> list[Line]:
    """In words, in the order in which they came, in a fixed number of queries."""
    known = list(happened)
    who = _Who.of(known, enterprise)
    of_cases = cases.applications_of({one.subject_id for one in known if one.subject == "case"})
    about = [of_cases.get(one.subject_id) if one.subject == "case" else _application_of(one) for one in known]
    projects = applications.names({number for number in about if number is not None})
    return [
        _line(one, who, number, projects.get(number or 0, ("", ""))[0])
        for one, number in zip(known, about, strict=True)
    ]


def _application_of(one: Seen) -> int | None:
    return one.subject_id if one.subject == "application" else None


def _line(one: Seen, who: _Who, application: int | None, project_number: str) -> Line:
    is_look = one.verb == "look"
    words = LOOK_WORDS.get(one.subject, _("Keek in het dossier")) if is_look else None
    return Line(
        at=one.at,
        who=who.words(one),
        what=str(words or deed_words(one.verb)),
        is_look=is_look,
        application=application if project_number else None,
        project_number=project_number,
    )


@dataclass(frozen=True, slots=True)
class _Who:
    """The names of the enterprise's own people, and of the accountants with their offices."""

    own: Mapping[int, str]
    accountants: Mapping[int, str]
    offices_of_mandates: Mapping[int, str]
    firms: Mapping[str, str]

    @classmethod
    def of(cls, happened: list[Seen], enterprise: str) -> _Who:
        by_accountant = [one for one in happened if _is_accountant(one)]
        offices = identity.offices_of({one.mandate for one in by_accountant if one.mandate})
        numbers = set(offices.values()) | {one.looked_for for one in by_accountant if one.looked_for}
        return cls(
            own=identity.ever_acted_for(enterprise),
            accountants=identity.names_of({one.person_id for one in by_accountant if one.person_id}),
            offices_of_mandates=offices,
            firms=register.names(numbers),
        )

    def words(self, one: Seen) -> str:
        """By name for those whom the enterprise itself let in, by what they are for all others."""
        person, role = one.person_id or 0, Role(one.role)
        if is_by_the_rules(one.verb, role):
            return _("volgens de regels")
        if _is_accountant(one):
            number = self.offices_of_mandates.get(one.mandate or 0, one.looked_for)
            office = self.firms.get(number, dotted(number) if number else _("je boekhouder"))
            name = self.accountants.get(person, "")
            return f"{name} ({office})" if name else office
        if role in OF_AN_ENTERPRISE or role is Role.NEWCOMER:
            return self.own.get(person) or str(STAFF_WORDS[Role.NEWCOMER])
        return str(STAFF_WORDS[role])


def _is_accountant(one: Seen) -> bool:
    return one.role == Role.ACCOUNTANT or bool(one.looked_for)
