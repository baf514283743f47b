"""A letter or a card without an address: who asks, what the registers say, one person's proposal and another's word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.activation import queries as activations
from portefeuille.activation.operations.settle_address import confirm_address, propose_address
from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import send_back, take
from portefeuille.cases.queries import CaseView
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotFound, ProofNeeded, Refusal, StrongerSignInNeeded
from portefeuille.core.identifiers import dotted
from portefeuille.history.queries import Past, events_of
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor, Role
from portefeuille.register import queries as register
from portefeuille.register.queries import EnterpriseFacts
from portefeuille.signin import queries as signin
from portefeuille.signin.operations.settle_card_address import confirm_card_address, propose_card_address
from portefeuille.web import unsent
from portefeuille.web.looks import look
from portefeuille.web.office.waiting import owner_words
from portefeuille.web.past import Line
from portefeuille.web.permission import page
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.forms import PlainForm
from portefeuille.web.ui.tags import day
from portefeuille.web.ui.words import ROLE_WORDS, WHY_OFFICE, deed_words


class ProposeForm(PlainForm):
    """An address, or that nothing is sent, with the reasons."""

    asks = {
        "outcome": gettext_lazy("Kies of de post naar een adres gaat."),
        "reasons": gettext_lazy("Schrijf waarom: een collega kijkt het na, en de controle leest het later."),
    }

    outcome = forms.ChoiceField(
        label=gettext_lazy("Wat stel je voor?"),
        choices=[
            ("address", gettext_lazy("De post gaat naar dit adres")),
            ("none", gettext_lazy("Er vertrekt niets")),
        ],
        widget=forms.RadioSelect,
    )
    street = forms.CharField(
        label=gettext_lazy("Straat en nummer"),
        help_text=gettext_lazy("Met de bus erbij: Kerkstraat 12 bus 3."),
        max_length=70,
        required=False,
    )
    extra = forms.CharField(
        label=gettext_lazy("Extra regel (mag leeg zijn)"),
        help_text=gettext_lazy("Zoals “p/a OCMW”. Deze regel komt boven de straat."),
        max_length=70,
        required=False,
    )
    town = forms.CharField(
        label=gettext_lazy("Postcode en gemeente"),
        help_text=gettext_lazy("Voor het buitenland: zet het land erachter."),
        max_length=70,
        required=False,
    )
    reasons = forms.CharField(
        label=gettext_lazy("Waarom?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        help_text=gettext_lazy("Hoe weet je dit? Vertrekt er niets, dan leest de aanvrager dit in een mail."),
    )

    def clean(self) -> dict[str, Any]:
        """An address has a street and a town."""
        cleaned = super().clean() or {}
        if cleaned.get("outcome") == "address":
            for name in ("street", "town"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Vul in bij “%(label)s”.") % {"label": self.fields[name].label})
        return cleaned

    @property
    def lines(self) -> list[str] | None:
        """Below the name, from top to bottom; None when nothing is sent."""
        told = self.cleaned_data
        return [told["extra"], told["street"], told["town"]] if told["outcome"] == "address" else None


class SendBackForm(PlainForm):
    """Why a proposal is not good."""

    asks = {"reasons": gettext_lazy("Schrijf wat er niet klopt: je collega begint ermee opnieuw.")}

    reasons = forms.CharField(
        label=gettext_lazy("Wat klopt er niet?"), widget=forms.Textarea(attrs={"rows": 3}), max_length=2000
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about, for its page. ``label`` names the letter; ``to`` is the line above the address."""

    label: str
    history: str
    to: str
    enterprise: str
    asks: list[tuple[str, object]]
    registers: list[EnterpriseFacts]


@page(look="see_queue", act="take_case")
@unsent.shows_unsent
def case_of(request: HttpRequest, number: int) -> HttpResponse:
    """The page of any case: an application has its own, an address is settled here."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    found = cases.case(number, actor=actor)
    wanted = request.POST.get("wat", "")
    if request.method == "POST" and wanted == "nemen":
        take(actor=actor, case=number, at=timezone.now())
        flash(request, _("Deze zaak is nu van jou."))
        return redirect("case_of", number=number)
    if found.kind is Kind.APPLICATION:
        return redirect("case", number=found.subject_id)
    if found.kind is Kind.RECOGNITION:
        return redirect("recognition_request", number=found.subject_id)
    typed = request.POST if request.method == "POST" else unsent.take(request)
    wanted = typed.get("wat", "") if typed is not None else ""
    propose = ProposeForm(typed if wanted == "voorstel" else None)
    back = SendBackForm(typed if wanted == "terug" else None)
    if request.method == "POST":
        if said := _do(request, found, wanted, propose, back):
            flash(request, said)
            return redirect("office")
        found = cases.case(number, actor=actor)
    return _page(request, found, propose, back)


def _do(request: HttpRequest, case: CaseView, wanted: str, propose: ProposeForm, back: SendBackForm) -> str:
    """What to say when it is done; empty when the form says what is wrong."""
    acts: dict[str, tuple[PlainForm, Callable[[], str]]] = {
        "voorstel": (propose, lambda: _propose(request, case, propose)),
        "terug": (back, lambda: _send_back(request, case, back)),
        "akkoord": (back, lambda: _confirm(request, case)),
    }
    form, act = acts.get(wanted, (propose, lambda: ""))
    if form.is_bound and not form.is_valid():
        return ""
    try:
        return act()
    except Refusal as refused:
        if form.is_bound or isinstance(refused, (ProofNeeded, StrongerSignInNeeded)):
            form.refuse(refused)
        else:  # to agree needs no words; what stands in its way is said in the same place
            form.point("#akkoord", refused.sentence)
        return ""


def _who_and_when(request: HttpRequest) -> dict[str, Any]:
    return {"actor": request.actor, "at": timezone.now()}  # type: ignore[attr-defined]


def _propose(request: HttpRequest, case: CaseView, form: ProposeForm) -> str:
    told = {"address": form.lines, "reasons": form.cleaned_data["reasons"], **_who_and_when(request)}
    if case.kind is Kind.LETTER_ADDRESS:
        propose_address(activation=case.subject_id, **told)
    else:
        propose_card_address(card=case.subject_id, **told)
    return _("Je voorstel is bewaard. Een collega kijkt het nu na.")


def _send_back(request: HttpRequest, case: CaseView, form: SendBackForm) -> str:
    send_back(case=case.id, reasons=form.cleaned_data["reasons"], **_who_and_when(request))
    return _("Het voorstel is teruggestuurd. De zaak wacht weer.")


def _confirm(request: HttpRequest, case: CaseView) -> str:
    if case.kind is Kind.LETTER_ADDRESS:
        leaves = confirm_address(activation=case.subject_id, **_who_and_when(request))
    else:
        leaves = confirm_card_address(card=case.subject_id, **_who_and_when(request))
    if leaves:
        return _("Akkoord. De brief ligt klaar bij “Brieven”, om te drukken.")
    return _("Akkoord. Er vertrekt niets, en de aanvrager weet waarom.")


def _page(request: HttpRequest, case: CaseView, propose: ProposeForm, back: SendBackForm) -> HttpResponse:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    subject = _subject(case, actor)
    waits = case.closed_at is None
    context = {
        "case": case,
        "subject": subject,
        "owner": owner_words(case, actor),
        "is_late": case.is_late(legal_day(timezone.now())),
        "waits": waits,
        "is_own_request": waits and actor.may("take_case") and case.is_own_request_of(actor),
        "is_proposer": waits and case.proposed_by == actor.person_id,
        "may_take": case.may_be_taken_by(actor),
        "may_propose": case.may_be_answered_by(actor) and case.proposal is None,
        "may_confirm": case.may_be_confirmed_by(actor),
        "address": case.proposal["address"] if case.proposal else None,
        "form": propose if propose.is_bound else back,
        "unsaved": _unsaved(propose, back),
        "propose": propose,
        "back": back,
        "past": past_of(case, subject.history),
    }
    look(request, subject.history, case.subject_id, subject.enterprise)
    return render(request, "office/address.html", context)


def _unsaved(*forms_of_page: PlainForm) -> str:
    """The reasons that somebody typed in a form that can't be sent any more."""
    return next((str(one["reasons"].value() or "") for one in forms_of_page if one.is_bound), "")


def _subject(case: CaseView, actor: Actor) -> Subject:
    make = {Kind.LETTER_ADDRESS: _letter, Kind.CARD_ADDRESS: _card}
    return make[case.kind](case.subject_id, actor)


def _letter(number: int, actor: Actor) -> Subject:
    found = activations.activations([number], actor=actor, at=timezone.now()).get(number)
    if found is None:
        raise NotFound(_("Deze aanvraag om een brief bestaat niet."))
    person, firm = identity.person(found.person), register.enterprise(found.enterprise)
    return Subject(
        label=_("Brief met een code om bevoegd te worden"),
        history="activation",
        to=firm.name,
        enterprise=found.enterprise,
        asks=[
            (_("Wie vraagt het?"), person.name),
            (_("E-mail"), person.confirmed_email),
            (_("Voor welke onderneming?"), f"{firm.name} ({dotted(firm.number)})"),
            (_("Gevraagd op"), day(found.asked_at)),
            (_("Waarom bij ons?"), WHY_OFFICE.get(found.why_office, "")),
        ],
        registers=[firm],
    )


def _card(number: int, actor: Actor) -> Subject:
    found = signin.cards_to_send([number], actor=actor).get(number)
    if found is None:
        raise NotFound(_("Deze kaart bestaat niet."))
    person = identity.person(found.person)
    firms = {held.enterprise for held in identity.capacities_of(found.person) if held.enterprise}
    return Subject(
        label=_("Codekaart om zich aan te melden"),
        history="code_card",
        to=person.name,
        enterprise="",
        asks=[
            (_("Wie vraagt het?"), person.name),
            (_("E-mail"), person.confirmed_email),
            (_("Kaart"), _("nummer %(number)s") % {"number": number}),
            (_("Gevraagd op"), day(found.ordered_at)),
            (_("Waarom bij ons?"), _("Het Rijksregister kent geen adres van deze persoon.")),
        ],
        registers=[register.enterprise(one) for one in sorted(firms)],
    )


def past_of(case: CaseView, subject: str) -> list[Line]:
    """What happened to the case and to what it is about, oldest first, by name: for colleagues among each other."""
    told = [*events_of(subject, case.subject_id), *events_of("case", case.id)]
    told.sort(key=lambda one: one.at)
    names = identity.names_of({one.person_id for one in told if one.person_id is not None})
    said = [one.reason for one in told]
    reasons = ["" if one in said[:place] else one for place, one in enumerate(said)]  # each is told once
    return [
        Line(str(deed_words(one.verb)), _who(one, names), one.at, "", reason)
        for one, reason in zip(told, reasons, strict=True)
    ]


def _who(event: Past, names: Mapping[int, str]) -> str:
    role = str(ROLE_WORDS[event.role])
    name = names.get(event.person_id or 0)
    if event.role == Role.NEWCOMER:
        return name or role
    return f"{name} ({role})" if name else role
