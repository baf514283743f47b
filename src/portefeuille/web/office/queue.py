"""The office's queue: everything that waits for a person, and the page on which an application is decided."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.decide_by_hand import decide_by_hand
from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import Kind
from portefeuille.cases.queries import CaseView
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Refusal
from portefeuille.core.lifecycle import State
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web import unsent
from portefeuille.web.contents import sections_of
from portefeuille.web.looks import look
from portefeuille.web.office.waiting import lines_of as waiting_lines
from portefeuille.web.office.waiting import owner_words
from portefeuille.web.past import lines_of
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import PlainForm
from portefeuille.web.ui.words import CASE_LISTS

ON_A_PAGE = 25


class DecideForm(PlainForm):
    """A decision with its reasons."""

    asks = {
        "outcome": gettext_lazy("Kies of je goedkeurt of weigert."),
        "reasons": gettext_lazy("Schrijf waarom: de ondernemer leest het, en een collega later ook."),
    }

    outcome = forms.ChoiceField(
        label=gettext_lazy("Jouw beslissing"),
        choices=[("approve", gettext_lazy("Goedkeuren")), ("refuse", gettext_lazy("Weigeren"))],
        widget=forms.RadioSelect,
    )
    reasons = forms.CharField(
        label=gettext_lazy("Waarom?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=gettext_lazy("Dit staat bij de beslissing, en bij een weigering in de mail."),
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow a list, and how many lines it leaves."""

    words: str
    address: str
    count: int
    is_chosen: bool


@page(look="see_queue")
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, what must be answered first on top: of all kinds and of everybody, or narrowed."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    everything = cases.waiting(actor=actor)
    kind, whose = request.GET.get("soort", ""), request.GET.get("van", "")
    now = timezone.now()
    of_kind = [one for one in everything if kind in ("", one.kind)]
    shown = [one for one in of_kind if _is_of(one, whose, actor)]
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("pagina"))
    context = {
        "is_empty": not everything,
        "lines": waiting_lines(page.object_list, actor=actor, at=now),
        "page": page,
        "late": sum(one.is_late(legal_day(now)) for one in shown),
        "kinds": _kinds([one for one in everything if _is_of(one, whose, actor)], kind, whose),
        "owners": _owners(of_kind, kind, whose, actor),
        "may_take": actor.may("take_case"),
    }
    return render(request, "office/queue.html", context)


def _is_of(one: CaseView, whose: str, actor: Actor) -> bool:
    match whose:
        case "mij":
            return one.owner is not None and one.owner == actor.person_id
        case "niemand":
            return one.owner is None
        case _:
            return True


def _address(kind: str, whose: str) -> str:
    asked = {name: value for name, value in (("soort", kind), ("van", whose)) if value}
    return f"?{urlencode(asked)}" if asked else "?"


def _kinds(rows: list[CaseView], kind: str, whose: str) -> list[Choice]:
    counts = {one: sum(row.kind is one for row in rows) for one in Kind}
    every = Choice(_("Alles"), _address("", whose), len(rows), kind not in set(Kind))
    each = [
        Choice(str(CASE_LISTS[one]), _address(one, whose), count, kind == one)
        for one, count in counts.items()
    ]
    return [every, *each]


def _owners(rows: list[CaseView], kind: str, whose: str, actor: Actor) -> list[Choice]:
    words = {"": _("Van iedereen"), "mij": _("Van mij"), "niemand": _("Van niemand")}
    if not actor.may("take_case"):
        del words["mij"]
    return [
        Choice(
            said,
            _address(kind, one),
            sum(_is_of(row, one, actor) for row in rows),
            whose == one or (not one and whose not in words),
        )
        for one, said in words.items()
    ]


@page(look="see_files", act="decide")
@unsent.shows_unsent
def case(request: HttpRequest, number: int) -> HttpResponse:
    """One application in full, and for the office the form to decide it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = applications.application(number, actor=actor)
    form = DecideForm(request.POST if request.method == "POST" else unsent.take(request))
    if request.method == "POST" and form.is_valid() and _decide(request, number, view.project_number, form):
        return redirect("office")
    decision = applications.decisions(number)[-1]
    provider = providers.provider(view.provider or 0)
    context = {
        "application": view,
        "form": form,
        "enterprise": register.enterprise(view.enterprise_number),
        "sections": sections_of(view, people=applications.people_of(number), provider=provider),
        "decision": decision,
        "open_rules": [rule for rule in decision.decision.rules if rule.verdict in {"unknown", "not met"}],
        "ceiling": applications.ceiling(
            view.enterprise_number, settings.SCHEME, on=legal_day(view.submitted_at or timezone.now())
        ),
        "past": lines_of(events_of("application", number), whose=view.enterprise_name),
        "waits": view.state is State.SUBMITTED,
        "may_decide": view.state is State.SUBMITTED and actor.may("decide"),
        **_case_of(number, actor),
    }
    look(request, "application", number, view.enterprise_number)
    return render(request, "office/case.html", context)


def _decide(request: HttpRequest, number: int, project_number: str, form: DecideForm) -> bool:
    """Whether it is decided; what stood in the way is put in the form."""
    try:
        state = decide_by_hand(
            actor=request.actor,  # type: ignore[attr-defined]
            application=number,
            grant=form.cleaned_data["outcome"] == "approve",
            reasons=form.cleaned_data["reasons"],
            at=timezone.now(),
        )
    except Refusal as refused:
        form.refuse(refused)
        return False
    words = _("goedgekeurd") if state is State.APPROVED else _("geweigerd")
    flash(request, _("%(number)s is %(words)s.") % {"number": project_number, "words": words})
    return True


def _case_of(application: int, actor: Actor) -> dict[str, object]:
    """Whose work it is and until when, for those who see the queue."""
    if not actor.may("see_queue"):
        return {}
    found = cases.about(Kind.APPLICATION, application, actor=actor)
    if found is None or found.closed_at is not None:
        return {}
    return {
        "case": found,
        "owner": owner_words(found, actor),
        "is_late": found.is_late(legal_day(timezone.now())),
        "may_take": found.may_be_taken_by(actor),
    }
