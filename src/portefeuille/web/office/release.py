"""Counting anew for somebody who is locked out: found by national number, or by name and enterprise."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.core.errors import Refusal
from portefeuille.core.identifiers import NotANumber, national_number
from portefeuille.identity import queries as identity
from portefeuille.identity.queries import PersonView
from portefeuille.identity.roles import Actor
from portefeuille.register import queries as register
from portefeuille.signin import queries as signin
from portefeuille.signin.operations.release import release
from portefeuille.signin.queries import Lock
from portefeuille.web import unsent
from portefeuille.web.permission import page
from portefeuille.web.signin.mine import MEANS_WORDS, attempt_lines
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import EnterpriseNumberField, PlainForm
from portefeuille.web.ui.tags import moment


class FindForm(PlainForm):
    """A national number, or a name with an enterprise."""

    rijksregisternummer = forms.CharField(
        label=gettext_lazy("Rijksregisternummer"),
        help_text=gettext_lazy(
            "Achteraan op de identiteitskaart. Laat je dit leeg, vul dan de andere twee in."
        ),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
    )
    naam = forms.CharField(
        label=gettext_lazy("Naam"),
        help_text=gettext_lazy("Een stuk van de naam is genoeg."),
        max_length=200,
        required=False,
    )
    onderneming = EnterpriseNumberField(
        label=gettext_lazy("Ondernemingsnummer"),
        help_text=gettext_lazy("Van een onderneming waarvoor deze persoon optreedt."),
        max_length=20,
        required=False,
    )

    def clean_rijksregisternummer(self) -> str:
        """Bare digits."""
        typed = self.cleaned_data["rijksregisternummer"]
        try:
            return national_number(typed) if typed else ""
        except NotANumber:
            raise forms.ValidationError(_("Dit is geen rijksregisternummer. Het telt elf cijfers.")) from None

    def clean(self) -> dict[str, Any]:
        """One of the two ways."""
        cleaned = super().clean() or {}
        if self.errors or cleaned.get("rijksregisternummer"):
            return cleaned
        for name in ("naam", "onderneming"):
            if not cleaned.get(name):
                self.add_error(name, _("Vul in bij “%(label)s”.") % {"label": self.fields[name].label})
        return cleaned


class ReleaseForm(PlainForm):
    """What to count anew, and how the clerk knows who asks."""

    asks = {
        "means": gettext_lazy("Kies wat je van slot haalt."),
        "reason": gettext_lazy("Schrijf op hoe je weet dat deze persoon het zelf vraagt."),
    }

    means = forms.ChoiceField(label=gettext_lazy("Wat haal je van slot?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Waarom?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text=gettext_lazy("Hoe weet je dat deze persoon het zelf vraagt? Dit blijft bewaard."),
    )

    def __init__(self, locks: list[Lock], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (
                one.means,
                _("%(means)s, op slot tot %(until)s")
                % {"means": _(MEANS_WORDS[one.means]), "until": moment(one.until)},
            )
            for one in locks
        ]
        self.fields["means"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["means"].initial = choices[0][0]


@page(look="release_sign_in", act="release_sign_in")
def find(request: HttpRequest) -> HttpResponse:
    """Who is it? A form that is sent, not an address: a national number must not stand in one."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    form = FindForm(request.POST if request.method == "POST" else None)
    found: list[PersonView] | None = None
    if form.is_bound and form.is_valid():
        found = _found(form.cleaned_data, actor)
        if len(found) == 1:
            return redirect("release_somebody", number=found[0].id)
    return render(request, "office/release.html", {"form": form, "found": found})


def _found(told: dict[str, Any], actor: Actor) -> list[PersonView]:
    if told["rijksregisternummer"]:
        one = identity.person_of_number(told["rijksregisternummer"], actor=actor)
        return [one] if one else []
    return identity.people_named(told["naam"], enterprise=told["onderneming"], actor=actor)


@page(look="release_sign_in", act="release_sign_in")
@unsent.shows_unsent
def somebody(request: HttpRequest, number: int) -> HttpResponse:
    """What is locked of one person, and the form to count anew."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    now = timezone.now()
    person = identity.person(number)
    locks = signin.locks_of(number, actor=actor, at=now)
    form = ReleaseForm(locks, request.POST if request.method == "POST" else unsent.take(request))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            release(actor=actor, person=number, at=now, **told)
        except Refusal as refused:
            form.refuse(refused)
        else:
            words = _("%(means)s van %(name)s is van slot. Aanmelden kan meteen weer.")
            flash(request, words % {"means": _(MEANS_WORDS[told["means"]]), "name": person.name})
            return redirect("release")
    firms = {held.enterprise for held in identity.capacities_of(number) if held.enterprise}
    context = {
        "whom": person,
        "firms": sorted(register.names(firms).values()),
        "locks": locks,
        "is_you": number == actor.person_id,
        "form": form,
        "attempts": attempt_lines(signin.attempts_on(number, actor=actor)),
    }
    return render(request, "office/release_somebody.html", context)
