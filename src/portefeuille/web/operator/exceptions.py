"""Money that found no place: the queue, and what to do with each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.applications import queries as applications
from portefeuille.bank import queries as bank
from portefeuille.bank.operations.settle_exception import assign, assign_to_funds, return_to_sender
from portefeuille.bank.suggestions import Candidate, suggest, suggest_all
from portefeuille.core.errors import Invalid, Refusal
from portefeuille.core.money import Money
from portefeuille.web.looks import look_at_each
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.tags import euro
from portefeuille.web.ui.words import EXCEPTION_WORDS, SIGN_WORDS


@page(look="settle_exception")
def exceptions(request: HttpRequest) -> HttpResponse:
    """The queue, oldest first, each with what it may belong to."""
    waiting = bank.exceptions()
    suggested = suggest_all(waiting, applications.candidates()) if waiting else {}
    rows = [(one, EXCEPTION_WORDS[one.reason], suggested.get(one.id, [])[:1]) for one in waiting]
    settled = [(one, EXCEPTION_WORDS[one.reason]) for one in bank.exceptions(settled=True, limit=20)]
    return render(request, "operator/exceptions.html", {"rows": rows, "settled": settled})


@page(look="settle_exception", act="settle_exception")
def exception(request: HttpRequest, number: int) -> HttpResponse:
    """One movement in full, and the ways in which it can be settled."""
    one = bank.exception(number)
    candidates = applications.candidates()
    refused = ""
    if request.method == "POST":
        try:
            flash(request, _settle(request, number, candidates))
            return redirect("exceptions")
        except Refusal as refusal:
            refused = refusal.sentence
    suggestions = [
        (suggestion.candidate, [SIGN_WORDS[sign] for sign in suggestion.signs])
        for suggestion in suggest(one, candidates)
    ]
    look_at_each(
        request, "application", applications.enterprises_of(it.application for it, _signs in suggestions)
    )
    context = {
        "exception": one,
        "reason": EXCEPTION_WORDS[one.reason],
        "suggestions": suggestions if one.amount > Money.ZERO else [],
        "is_debit": one.amount < Money.ZERO,
        "refused": refused,
        "typed": request.POST.get("projectnummer", ""),
    }
    return render(request, "operator/exception.html", context, status=400 if refused else 200)


def _settle(request: HttpRequest, number: int, candidates: list[Candidate]) -> str:
    acts: dict[str, Callable[[], str]] = {
        "toewijzen": lambda: _assign(request, number, candidates),
        "overheid": lambda: _to_funds(request, number),
        "terugsturen": lambda: _send_back(request, number),
    }
    act = acts.get(request.POST.get("wat", ""))
    if act is None:
        raise Invalid(_("Kies wat er met dit geld moet gebeuren."))
    return act()


def _who_and_when(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "at": timezone.now()}  # type: ignore[attr-defined]


def _assign(request: HttpRequest, number: int, candidates: list[Candidate]) -> str:
    wanted = request.POST.get("projectnummer", "").strip().upper()
    if not wanted:
        raise Invalid(_("Vul het projectnummer in van de aanvraag waarbij dit geld hoort."))
    chosen = next((one for one in candidates if one.project_number == wanted), None)
    if chosen is None:
        raise Invalid(
            _("Er is geen aanvraag %(number)s die nog geld verwacht. Kijk het projectnummer na.")
            % {"number": wanted}
        )
    placed = assign(exception=number, application=chosen.application, **_who_and_when(request))
    return _("%(taken)s is toegewezen aan %(number)s; de overheid legde er %(top_up)s bij.") % {
        "taken": euro(placed.taken),
        "number": chosen.project_number,
        "top_up": euro(placed.top_up),
    }


def _to_funds(request: HttpRequest, number: int) -> str:
    assign_to_funds(exception=number, **_who_and_when(request))
    return _("Dit geld telt nu bij het geld van de overheid.")


def _send_back(request: HttpRequest, number: int) -> str:
    return_to_sender(exception=number, **_who_and_when(request))
    return _("Dit geld gaat terug naar de afzender, met het volgende betaalbestand.")
