"""Applying, step by step: every step is kept as it was typed, and shows what would be decided."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portefeuille.applications import queries as applications
from portefeuille.applications.asked import Asked
from portefeuille.applications.operations.submit import save_draft, start_draft, submit
from portefeuille.applications.queries import ApplicationView
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Invalid, NotFound
from portefeuille.core.lifecycle import State
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.register import queries as register
from portefeuille.web.enterprise import answers as answering
from portefeuille.web.enterprise.forms import TIE_CHOICES, DeclareForm, PriceForm, WhatForm, WhenForm
from portefeuille.web.requests import signed_in
from portefeuille.web.ui.flash import flash

MOST_QUESTIONS = 5
# Facts that a choice on the form brings along by itself.
_NEVER_ASKED = {"application.activity_nace.version", "provider.recognitions"}

STEPS = ("wat", "wie-en-wanneer", "prijs", "nakijken")


def step_names() -> list[str]:
    """The steps in words."""
    return [_("Wat"), _("Wie en wanneer"), _("Prijs en dienstverlener"), _("Nakijken")]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application. A page asks first, so that looking at an address never makes anything."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    actor.must("apply", enterprise=actor.enterprise)
    if request.method != "POST":
        drafts = [
            one
            for one in applications.of_enterprise(actor.enterprise, actor=actor)
            if one.state is State.DRAFT
        ]
        context = {"drafts": drafts, "lacks_profile": not identity.has_profile(actor.enterprise)}
        return render(request, "enterprise/new.html", context)
    now = timezone.now()
    draft = start_draft(actor=actor, at=now, answers=answering.first_answers(actor, legal_day(now)))
    return redirect("application_step", number=draft, step=STEPS[0])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """One step: show it, keep it, go on."""
    if step not in STEPS:
        raise NotFound(_("Deze stap bestaat niet."))
    view = _draft(request, number)
    if request.method != "POST":
        return _show(request, view, step, _form(view, step, data=None))
    typed = answering.posted(request.POST)
    save_draft(actor=request.actor, application=number, answers=typed)  # type: ignore[attr-defined]
    view = _draft(request, number)
    form = _form(view, step, data=request.POST)
    if step == STEPS[-1]:
        return _submit(request, view, form)
    again = "zoek" in request.POST or "nog_iemand" in request.POST
    if again:
        return _show(
            request, view, step, _form(view, step, data=None), extra_person="nog_iemand" in request.POST
        )
    is_good = form.is_valid() & _rest_is_good(form, view, step)
    return (
        redirect("application_step", number=number, step=_next(step))
        if is_good
        else _show(request, view, step, form)
    )


@signed_in
@require_POST
def calculation(request: HttpRequest, number: int) -> HttpResponse:
    """What would be decided with what is typed now; nothing is kept."""
    view = applications.application(number, actor=request.actor)  # type: ignore[attr-defined]
    if view.state is not State.DRAFT:  # it was asked just before the draft was submitted, and came after
        return HttpResponse(status=204)
    typed = {**view.answers, **answering.posted(request.POST)}
    return render(request, "enterprise/preview.html", _preview(request, typed))


def _draft(request: HttpRequest, number: int) -> ApplicationView:
    view = applications.application(number, actor=request.actor)  # type: ignore[attr-defined]
    if view.state is not State.DRAFT:
        raise NotFound(_("Deze aanvraag is al ingediend. Je vindt ze in je dossier."))
    return view


def _form(view: ApplicationView, step: str, *, data: Any) -> Form:
    initial = None if data is not None else view.answers
    match step:
        case "wat":
            activities = register.enterprise(view.enterprise_number).activities
            return WhatForm(data, initial=initial, activities=activities)
        case "wie-en-wanneer":
            return WhenForm(data, initial=initial)
        case "prijs":
            return PriceForm(data, initial=initial)
        case _:
            return DeclareForm(data)


def _next(step: str) -> str:
    return STEPS[STEPS.index(step) + 1]


def _rest_is_good(form: Any, view: ApplicationView, step: str) -> bool:
    """What stands beside the form: the people of step 2, the provider of step 3."""
    problem = ""
    if step == "wie-en-wanneer":
        problem = _people_problem(view)
    elif step == "prijs" and answering.chosen_provider(view.answers) is None:
        found = answering.found_providers(view.answers)
        problem = (
            _("Kies je dienstverlener uit de lijst.")
            if found
            else _("We vinden deze dienstverlener niet. Kijk het nummer of de naam na.")
        )
        form.add_error("provider_search", problem)
        return False
    if problem:
        form.add_error(None, problem)
    return not problem


def _people_problem(view: ApplicationView) -> str:
    people = view.answers.get("people", [])
    if not people:
        return _("Vul in wie de opleiding volgt of voor wie het advies is.")
    if any(not str(name).strip() or not tie for name, tie in people):
        return _("Vul van elke persoon de naam en de band met je onderneming in.")
    if view.answers.get("service") == "advice" and len(people) > 1:
        return _("Een advies is voor één persoon. Maak de andere namen leeg.")
    return ""


def _show(
    request: HttpRequest, view: ApplicationView, step: str, form: Form, *, extra_person: bool = False
) -> HttpResponse:
    people = list(view.answers.get("people", [])) or [["", ""]]
    if extra_person:
        people.append(["", ""])
    position = STEPS.index(step)
    context = {
        "application": view,
        "form": form,
        "step": step,
        "steps": [
            {"words": words, "slug": slug, "state": _state(place, position)}
            for place, (words, slug) in enumerate(zip(step_names(), STEPS, strict=True))
        ],
        "previous": STEPS[position - 1] if position else "",
        "people": people,
        "ties": TIE_CHOICES,
        "providers": answering.found_providers(view.answers),
        "chosen": answering.chosen_provider(view.answers),
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
        "lacks_profile": not identity.has_profile(view.enterprise_number),
        **_preview(request, view.answers),
    }
    return render(request, f"enterprise/apply_{step.replace('-', '_')}.html", context)


def _state(place: int, position: int) -> str:
    return "now" if place == position else ("done" if place < position else "later")


def _preview(request: HttpRequest, typed: answering.Answers) -> dict[str, Any]:
    today = legal_day(timezone.now())
    asked = answering.read(typed, today=today)
    try:
        decision = applications.preview(
            actor=request.actor,  # type: ignore[attr-defined]
            asked=asked,
            scheme=settings.SCHEME,
            on=today,
        )
    except Invalid as unreadable:  # such as a last day before the first: the form beside it says more
        return {"asked": asked, "unreadable": unreadable.sentence}
    questions = [one.question for one in decision.missing if one.fact not in _NEVER_ASKED]
    return {
        "asked": asked,
        "decision": decision,
        "not_met": decision.not_met(),
        "questions": questions[:MOST_QUESTIONS],
    }


def _submit(request: HttpRequest, view: ApplicationView, form: Form) -> HttpResponse:
    if not form.is_valid():
        return _show(request, view, STEPS[-1], form)
    now = timezone.now()
    asked: Asked = answering.read({**view.answers, "declared": "on"}, today=legal_day(now))
    try:
        done = submit(
            actor=request.actor,  # type: ignore[attr-defined]
            application=view.id,
            asked=asked,
            key=request.POST.get("key", ""),
            at=now,
        )
    except Invalid as refused:
        form.add_error(None, refused.sentence)
        return _show(request, view, STEPS[-1], form)
    flash(
        request,
        _("Je aanvraag is ingediend. Je projectnummer is %(number)s.") % {"number": done.project_number},
    )
    return redirect("project", number=view.id)
