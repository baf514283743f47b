"""With what I can sign in, who did lately, and what to do when something is lost."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portefeuille.core.errors import Invalid
from portefeuille.core.formats import epc_qr
from portefeuille.signin.operations.lose_card import block_own_card, replace_own_card
from portefeuille.signin.operations.release import release_own
from portefeuille.signin.operations.time_codes import confirm_app, remove_app, start_app
from portefeuille.signin.queries import AttemptView, own_means
from portefeuille.web import unsent
from portefeuille.web.permission import person_page
from portefeuille.web.session import keep, newcomer
from portefeuille.web.signin.acm import TOKEN
from portefeuille.web.signin.forms import AppCodeForm, NumberForm
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.tags import day

MEANS_WORDS = {
    "eid": gettext_noop("Identiteitskaart"),
    "acm": gettext_noop("Via de Vlaamse overheid"),
    "card": gettext_noop("Codekaart"),
    "app": gettext_noop("Code uit een app"),
}
OUTCOME_WORDS = {
    "right": (gettext_noop("Aangemeld"), "good"),
    "wrong": (gettext_noop("Foute code"), "bad"),
    "locked": (gettext_noop("Geprobeerd terwijl het op slot stond"), "bad"),
    "released": (gettext_noop("Weer vrijgegeven"), "plain"),
}


def attempt_lines(attempts: Iterable[AttemptView]) -> list[tuple[datetime, str, str, str]]:
    """When, by which means, with what outcome, and the tone of that outcome."""
    return [
        (one.at, _(MEANS_WORDS[one.means]), _(OUTCOME_WORDS[one.outcome][0]), OUTCOME_WORDS[one.outcome][1])
        for one in attempts
    ]


@person_page(look="manage_oneself")
def mine(request: HttpRequest) -> HttpResponse:
    """My means, and the latest attempts on them."""
    means = own_means(request.user.pk, at=timezone.now())
    context = {
        "means": means,
        "attempts": attempt_lines(means.attempts),
        "may_switch_there": TOKEN in request.session,
    }
    return render(request, "signin/mine.html", context)


@person_page(look="manage_oneself", act="manage_oneself")
@unsent.shows_unsent
def card(request: HttpRequest) -> HttpResponse:
    """Another card, for who lost one or never had one: the old one is blocked at once."""
    typed = request.POST if request.method == "POST" else unsent.take(request)
    form = NumberForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            expected = replace_own_card(
                actor=newcomer(request),
                national_number=form.cleaned_data["national_number"],
                at=timezone.now(),
            )
        except Invalid as refused:
            form.refuse(refused)
        else:
            keep(request)
            words = _("Je kaart is aangevraagd. Ze komt ten laatste op %(day)s met de post.")
            flash(request, words % {"day": day(expected)})
            return redirect("my_means")
    means = own_means(request.user.pk, at=timezone.now())
    return render(request, "signin/my_card.html", {"form": form, "means": means})


@person_page(act="manage_oneself")
def block(request: HttpRequest) -> HttpResponse:
    """Block my card at once; another one can wait."""
    block_own_card(actor=newcomer(request), at=timezone.now())
    keep(request)
    flash(request, _("Je codekaart is geblokkeerd. Niemand kan er zich nog mee aanmelden."))
    return redirect("my_means")


@person_page(look="manage_oneself", act="manage_oneself")
@unsent.shows_unsent
def app(request: HttpRequest) -> HttpResponse:
    """Add an app: scan, and type the code that it shows."""
    actor, now = newcomer(request), timezone.now()
    new = start_app(actor=actor, at=now)
    typed = request.POST if request.method == "POST" else unsent.take(request)
    form = AppCodeForm(typed)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_app(actor=actor, code=form.cleaned_data["code"], at=now)
        except Invalid as refused:
            form.refuse(refused)
        else:
            flash(request, _("Je app is gekoppeld. Je kunt je er voortaan mee aanmelden."))
            return redirect("my_means")
    picture = epc_qr.svg(new.address, title=_("Code voor je app"))
    context = {"form": form, "secret": _grouped(new.secret), "qr": mark_safe(picture)}  # noqa: S308 - our own drawing
    return render(request, "signin/my_app.html", context)


@person_page(act="manage_oneself")
def forget_app(request: HttpRequest) -> HttpResponse:
    """The phone is gone: its codes open nothing from now on."""
    remove_app(actor=newcomer(request), at=timezone.now())
    keep(request)
    flash(request, _("Je app is verwijderd. Met haar codes kan niemand zich nog aanmelden."))
    return redirect("my_means")


@person_page(act="manage_oneself")
def release(request: HttpRequest) -> HttpResponse:
    """I just proved by another means who I am: let me try my card or app again."""
    release_own(actor=newcomer(request), means=request.POST.get("means", ""), at=timezone.now())
    flash(request, _("Je kunt het weer proberen."))
    return redirect("my_means")


def _grouped(secret: str) -> str:
    return " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
