"""Applying, step by step: every step is kept as it was typed, and shows what would be decided."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portefeuille.applications import queries as applications
from portefeuille.applications.asked import LONGEST_NAME, MOST_PEOPLE, Asked, knows
from portefeuille.applications.operations.submit import save_draft, start_draft, submit
from portefeuille.applications.queries import ApplicationView
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Invalid, NotFound
from portefeuille.core.lifecycle import State
from portefeuille.core.rules.terms import Tie
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.providers.queries import ProviderFacts
from portefeuille.register import queries as register
from portefeuille.web import unsent
from portefeuille.web.contents import room_note, sections_of
from portefeuille.web.enterprise import answers as answering
from portefeuille.web.enterprise.forms import TIE_CHOICES, DeclareForm, PriceForm, WhatForm, WhenForm
from portefeuille.web.enterprise.project import leave_a_trace, own
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import PlainForm

STEPS = ("wat", "wie-en-wanneer", "prijs", "nakijken")
# Buttons that change something on the page and stay there.
STAYS = {"zoek", "nog_iemand", "weg", "gebruik"}
# Where each field of an application is asked; the declaration stands on the last step itself.
STEP_OF = {
    **dict.fromkeys(("service", "nace", "name", "theme", "form", "support"), "wat"),
    **dict.fromkeys(("people", "agreement_on", "starts_on", "ends_on"), "wie-en-wanneer"),
    **dict.fromkeys(("amount", "vat", "provider"), "prijs"),
}


def step_names() -> list[str]:
    """The steps in words."""
    return [_("Wat"), _("Wie en wanneer"), _("Prijs en dienstverlener"), _("Nakijken")]


@page(look="apply", act="apply")
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application. A page asks first, so that looking at an address never makes anything."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
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


@page(look="apply", act="apply")
@unsent.shows_unsent
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """One step: show it, keep it, go on."""
    if step not in STEPS:
        raise NotFound(_("Deze stap bestaat niet."))
    view = own(request, number)
    if view.state is not State.DRAFT:
        return _is_over(request, view)
    leave_a_trace(request, view)
    sent = request.POST if request.method == "POST" else unsent.take(request)
    if sent is None:
        return _show(request, view, step, _form(view, step, data=None))
    view = _keep(request, view, sent)
    if request.method != "POST":
        flash(request, _("Je was intussen afgemeld. Wat je typte, staat hier nog."), tone="info")
        return _show(request, view, step, _form(view, step, data=None))
    return _go_on(request, view, step)


def _is_over(request: HttpRequest, view: ApplicationView) -> HttpResponse:
    """It was submitted, perhaps by the first of two clicks: its project is what somebody looks for now."""
    if view.project_number:
        words = _("Deze aanvraag is ingediend. Je projectnummer is %(number)s.")
        flash(request, words % {"number": view.project_number}, tone="info")
    return redirect("project", number=view.id)


def _keep(request: HttpRequest, view: ApplicationView, sent: QueryDict) -> ApplicationView:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    save_draft(actor=actor, application=view.id, answers=answering.posted(sent))
    return applications.application(view.id, actor=actor)


def _go_on(request: HttpRequest, view: ApplicationView, step: str) -> HttpResponse:
    """What was typed is kept by now; go where the button leads, if all is well."""
    sent = request.POST
    if sent.get("naar") in STEPS:
        return redirect("application_step", number=view.id, step=sent["naar"])
    if STAYS & sent.keys():
        form = _form(view, step, data=None)
        return _show(request, view, step, form, extra_person="nog_iemand" in sent)
    form = _form(view, step, data=sent)
    if step == STEPS[-1]:
        return _submit(request, view, form)
    if form.is_valid() & _rest_is_good(form, view, step):
        return redirect("application_step", number=view.id, step=_next(step))
    return _show(request, view, step, form)


@page(act="apply")
def calculation(request: HttpRequest, number: int) -> HttpResponse:
    """What would be decided with what is typed now; nothing is kept."""
    view = applications.application(number, actor=request.actor)  # type: ignore[attr-defined]
    if view.state is not State.DRAFT:  # it was asked just before the draft was submitted, and came after
        return HttpResponse(status=204)
    typed = {**view.answers, **answering.posted(request.POST)}
    return render(request, "enterprise/preview.html", _preview(request, typed))


def _form(view: ApplicationView, step: str, *, data: Any) -> PlainForm:
    initial = None if data is not None else view.answers
    match step:
        case "wat":
            activities = register.enterprise(view.enterprise_number).current_activities
            return WhatForm(data, initial=initial, activities=activities)
        case "wie-en-wanneer":
            return WhenForm(data, initial=initial)
        case "prijs":
            return PriceForm(data, initial=initial)
        case _:
            return DeclareForm(data)


def _next(step: str) -> str:
    return STEPS[STEPS.index(step) + 1]


def _rest_is_good(form: PlainForm, view: ApplicationView, step: str) -> bool:
    """What stands beside the form: the people of step 2, the provider of step 3."""
    if step == "wie-en-wanneer":
        for address, sentence in _people_problems(view.answers):
            form.point(address, sentence)
    problem = _provider_problem(view.answers) if step == "prijs" else ""
    if problem and "provider_search" not in form.errors:
        form.add_error("provider_search", problem)
    return not form.beside and not form.errors


def _provider_problem(answers: answering.Answers) -> str:
    if answering.chosen_provider(answers) is not None:
        return ""
    if answering.found_providers(answers):
        return _("Kies je dienstverlener uit de lijst hieronder.")
    return _("We vinden deze dienstverlener niet. Kijk het nummer of de naam na, of vraag het hem.")


def _people_problems(answers: answering.Answers) -> list[tuple[str, str]]:
    """Where the summary of errors leads to, and what is wrong there."""
    people = answers.get("people", [])
    if not people:
        return [("#naam1", _("Vul in wie de opleiding volgt of voor wie het advies is."))]
    if answers.get("service") == "advice" and len(people) > 1:
        return [("#naam2", _("Een advies is voor één persoon. Laat de andere namen weg."))]
    if len(people) > MOST_PEOPLE:
        words = _("Er passen hoogstens %(most)s mensen in één aanvraag. Vraag voor de anderen nog eens aan.")
        return [(f"#naam{MOST_PEOPLE + 1}", words % {"most": MOST_PEOPLE})]
    return [problem for place, row in enumerate(people, 1) for problem in _person_problems(place, *row)]


def _person_problems(place: int, name: str, tie: str) -> list[tuple[str, str]]:
    found = []
    if not name.strip():
        found.append((f"#naam{place}", _("Vul de naam van persoon %(place)s in.")))
    if len(name) > LONGEST_NAME:
        found.append(
            (f"#naam{place}", _("De naam van persoon %(place)s is te lang: hoogstens %(most)s tekens."))
        )
    if not knows(Tie, tie):
        found.append((f"#band{place}", _("Kies de band van persoon %(place)s met je onderneming.")))
    return [(address, sentence % {"place": place, "most": LONGEST_NAME}) for address, sentence in found]


def _show(
    request: HttpRequest, view: ApplicationView, step: str, form: PlainForm, *, extra_person: bool = False
) -> HttpResponse:
    people = list(view.answers.get("people", [])) or [["", ""]]
    if extra_person:
        people.append(["", ""])
    position = STEPS.index(step)
    preview = _preview(request, view.answers)
    asked: Asked = preview["asked"]
    provider = answering.chosen_provider(view.answers)
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
        "wrong_rows": {address.removeprefix("#"): sentence for address, sentence in form.beside},
        "ties": TIE_CHOICES,
        "providers": answering.found_providers(view.answers),
        "chosen": provider,
        "offered": _offered_number(view.answers, asked, provider),
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
        **preview,
        "lacks_profile": not identity.has_profile(view.enterprise_number),
    }
    if step == STEPS[-1]:
        context["sections"] = sections_of(asked, people=asked.people, provider=provider)
        context["gaps"] = _gaps(asked)
    return render(request, f"enterprise/apply_{step.replace('-', '_')}.html", context)


def _offered_number(answers: answering.Answers, asked: Asked, provider: ProviderFacts | None) -> str:
    """The provider's own number for what is asked, when another one was typed."""
    if provider is None or not asked.service:
        return ""
    right = provider.recognition(asked.service, legal_day(timezone.now()))
    return right.number if right is not None and right.number != asked.recognition_number else ""


def _gaps(asked: Asked) -> list[tuple[str, str]]:
    """What is still missing, with the step where it is asked."""
    return [(STEP_OF[field], sentence) for field, sentence in asked.gaps() if field in STEP_OF]


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
    return {
        "asked": asked,
        "decision": decision,
        "not_met": decision.not_met(),
        "met": [one for one in decision.rules if one.verdict == "met"],
        "left_to_office": [one for one in decision.missing if one.by == "office"],
        "room_note": room_note(decision),
        "says_exempt": _says_exempt(typed, asked),
    }


def _says_exempt(typed: answering.Answers, asked: Asked) -> bool:
    """Whether VAT was chosen for a provider of whom we know that it charges none."""
    provider = answering.chosen_provider(typed)
    return provider is not None and provider.vat_exempt and bool(asked.vat_basis_points)


def _submit(request: HttpRequest, view: ApplicationView, form: PlainForm) -> HttpResponse:
    now = timezone.now()
    asked: Asked = answering.read({**view.answers, "declared": "on"}, today=legal_day(now))
    for step, sentence in _gaps(asked):
        form.point(reverse("application_step", args=[view.id, step]), sentence)
    if not form.is_valid() or form.beside:
        return _show(request, view, STEPS[-1], form)
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
