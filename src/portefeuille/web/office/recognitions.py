"""A request for recognition: what was asked, what the KBO says, the files with it, and the office's decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.cases import queries as cases
from portefeuille.cases.kinds import Kind
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import NotFound, Refusal
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor
from portefeuille.providers import queries as providers
from portefeuille.providers import requests as recognitions
from portefeuille.providers.models import DOCUMENTS
from portefeuille.providers.operations.decide_recognition import decide_recognition
from portefeuille.providers.requests import RequestView
from portefeuille.register import queries as register
from portefeuille.register.queries import EnterpriseFacts
from portefeuille.web import unsent
from portefeuille.web.looks import look
from portefeuille.web.office.addresses import past_of
from portefeuille.web.office.queue import DecideForm
from portefeuille.web.office.waiting import owner_words
from portefeuille.web.permission import page
from portefeuille.web.public.providers import recognition_table
from portefeuille.web.ui.flash import flash
from portefeuille.web.ui.tags import account, day, kbo, mark
from portefeuille.web.ui.words import DOCUMENT_WORDS, REQUEST_TONES, REQUEST_WORDS, SERVICES


class DecideRequestForm(DecideForm):
    """The same decision, with words for who asks to be recognised."""

    asks = {
        **DecideForm.asks,
        "reasons": gettext_lazy("Schrijf waarom: de aanvrager leest het, en een collega later ook."),
    }

    def __init__(self, *data: Any) -> None:
        super().__init__(*data)
        self.fields["reasons"].help_text = _("Dit staat in de mail aan de aanvrager.")


@dataclass(frozen=True, slots=True)
class Check:
    """Something that the office looks at, with what we found ourselves."""

    words: str
    is_good: bool


@page(look="see_recognition_requests", act="decide_recognition")
@unsent.shows_unsent
def request_of(request: HttpRequest, number: int) -> HttpResponse:
    """One request in full, and the form to decide it."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view = recognitions.request(number, actor=actor)
    form = DecideRequestForm(request.POST if request.method == "POST" else unsent.take(request))
    if request.method == "POST" and form.is_valid() and (said := _decide(request, number, form)):
        flash(request, said)
        return redirect("office")
    case = cases.about(Kind.RECOGNITION, number, actor=actor)
    if case is None:
        raise NotFound(_("Deze aanvraag bestaat niet."))
    firm = _firm(view.enterprise)
    is_own_request = case.is_own_request_of(actor)
    held = providers.recognitions(view.provider) if view.provider else ()
    now = timezone.now()
    context = {
        "asked": view,
        "name": view.trade_name or (firm.name if firm else kbo(view.enterprise)),
        "state": mark(REQUEST_WORDS[view.state], REQUEST_TONES[view.state]),
        "label": _label(view),
        "case": case,
        "owner": owner_words(case, actor),
        "is_late": case.is_late(legal_day(now)),
        "may_take": case.may_be_taken_by(actor),
        "may_decide": view.waits and actor.may("decide_recognition") and not is_own_request,
        "is_own_request": view.waits and is_own_request,
        "form": form,
        "told": _told(view),
        "documents": [(one, DOCUMENT_WORDS[one.kind], _size(one.size)) for one in view.documents],
        "checks": _checks(view, firm, legal_day(now)),
        "firm": firm,
        "table": recognition_table(held, legal_day(now)) if held else None,
        "past": past_of(case, "recognition_request"),
    }
    look(request, "recognition_request", number, view.enterprise)
    return render(request, "office/recognition.html", context)


def _decide(request: HttpRequest, number: int, form: DecideForm) -> str:
    """What to say when it is decided; what stood in the way is put in the form."""
    try:
        given = decide_recognition(
            actor=request.actor,  # type: ignore[attr-defined]
            request=number,
            grant=form.cleaned_data["outcome"] == "approve",
            reasons=form.cleaned_data["reasons"],
            at=timezone.now(),
        )
    except Refusal as refused:
        form.refuse(refused)
        return ""
    if not given:
        return _("De aanvraag is geweigerd. De aanvrager weet waarom.")
    return _("Goedgekeurd: %(number)s. De aanvrager krijgt een mail.") % {"number": given}


def _label(view: RequestView) -> str:
    words = {"service": str(SERVICES[view.service]).lower(), "number": view.renews}
    if view.renews:
        return _("Verlenging van %(number)s voor %(service)s") % words
    return _("Nieuwe erkenning voor %(service)s") % words


def _told(view: RequestView) -> list[tuple[str, object]]:
    person = identity.person(view.asked_by)
    return [
        (_("Wie vraagt het?"), person.name),
        (_("E-mail"), person.email),
        (_("Gevraagd op"), day(view.asked_at)),
        (_("Waarvoor?"), SERVICES[view.service]),
        (_("Starter"), _("Ja") if view.is_starter else _("Nee")),
        (_("Audit door"), view.audit_bureau),
        (_("Dag van de audit"), day(view.audited_on)),
        (_("Verklaring op eer"), _("Afgelegd op %(day)s") % {"day": day(view.asked_at)}),
        (_("Naam voor klanten"), view.trade_name),
        (_("Rekening"), account(view.iban)),
        (_("E-mail van de onderneming"), view.email),
        (_("Btw"), _("Vrijgesteld (artikel 44)") if view.vat_exempt else _("Rekent btw aan")),
    ]


def _size(count: int) -> str:
    return _("%(count)s kB") % {"count": max(1, count // 1024)}


def _firm(number: str) -> EnterpriseFacts | None:
    """What the register says of it; None when it doesn't know it (any more)."""
    try:
        return register.enterprise(number)
    except NotFound:
        return None


def _checks(view: RequestView, firm: EnterpriseFacts | None, today: date) -> list[Check]:
    """What we can look up ourselves; what stands in the files, a person reads."""
    kinds = {one.kind for one in view.documents}
    held = providers.recognitions(view.provider) if view.provider else ()
    same = [one for one in held if one.service == view.service and one.holds_on(today)]
    is_active = firm is not None and firm.is_active
    checks = [
        Check(
            _("De onderneming is actief in de Kruispuntbank")
            if is_active
            else _("De onderneming is niet actief in de Kruispuntbank"),
            is_active,
        )
    ]
    checks += [
        Check(
            (_("%(what)s is er") if kind in kinds else _("%(what)s ontbreekt"))
            % {"what": DOCUMENT_WORDS[kind]},
            kind in kinds,
        )
        for kind in DOCUMENTS
    ]
    if not view.renews and view.waits:
        words = (
            _("Nog geen andere erkenning voor deze dienst")
            if not same
            else _("Er is al een erkenning voor deze dienst")
        )
        checks.append(Check(words, not same))
    return checks


@page(look="see_recognition_requests")
def document(request: HttpRequest, number: int) -> HttpResponse:
    """A file that came with a request, as it was handed in: downloaded, never shown as a page of ours."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    view, content = recognitions.document(number, actor=actor)
    whose = recognitions.request(view.request, actor=actor).enterprise
    look(request, "recognition_request", view.request, whose)
    answer = HttpResponse(content, content_type="application/pdf")
    name = f"{kbo(whose)}-{view.kind.replace('_', '-')}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
