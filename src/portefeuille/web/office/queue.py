"""The office's queue: applications that the rules could not decide, decided by a person with reasons."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.applications import queries as applications
from portefeuille.applications.operations.decide_by_hand import decide_by_hand
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Refusal
from portefeuille.core.lifecycle import State
from portefeuille.history.queries import events_of
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.register import queries as register
from portefeuille.web import unsent
from portefeuille.web.contents import sections_of
from portefeuille.web.past import lines_of
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import PlainForm


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


@page(look="see_queue")
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, oldest first, with why."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    rows = []
    for one in applications.waiting(actor=actor):
        last = applications.decisions(one.id)[-1].decision
        open_rules = [rule.title for rule in last.rules if rule.verdict == "unknown"]
        rows.append((one, open_rules))
    return render(request, "office/queue.html", {"rows": rows})


@page(look="decide", act="decide")
@unsent.shows_unsent
def case(request: HttpRequest, number: int) -> HttpResponse:
    """One application in full, and the form to decide it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = applications.application(number, actor=actor)
    form = DecideForm(request.POST if request.method == "POST" else unsent.take(request))
    if request.method == "POST" and form.is_valid():
        try:
            state = decide_by_hand(
                actor=actor,
                application=number,
                grant=form.cleaned_data["outcome"] == "approve",
                reasons=form.cleaned_data["reasons"],
                at=timezone.now(),
            )
        except Refusal as refused:
            form.refuse(refused)
        else:
            words = _("goedgekeurd") if state is State.APPROVED else _("geweigerd")
            flash(request, _("%(number)s is %(words)s.") % {"number": view.project_number, "words": words})
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
    }
    return render(request, "office/case.html", context)
