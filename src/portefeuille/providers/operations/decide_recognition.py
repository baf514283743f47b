"""The office grants or refuses a request for recognition, with reasons."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Substr

from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import close_case
from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.database.locks import one_at_a_time
from portefeuille.history.operations import record
from portefeuille.identity import queries as identity
from portefeuille.identity.operations.give_capacity import give_capacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.messages import operations as messages
from portefeuille.providers import letters
from portefeuille.providers.models import Provider, Recognition, RecognitionRequest
from portefeuille.providers.terms import last_day, renewed_until
from portefeuille.register import queries as register

LETTERS = {"training": "DV.O", "advice": "DV.A"}  # the letter O, not a zero
_DIGITS = 6
_MOST = 10**_DIGITS - 1


@transaction.atomic
def decide_recognition(*, actor: Actor, request: int, grant: bool, reasons: str, at: datetime) -> str:
    """Decide; the number of the recognition, empty when it is refused.

    A first recognition of an enterprise makes it a provider, and who asked its administrator. What goes on keeps its
    number. Raises NotAllowed (also for whoever has a hand in it), NotFound, Invalid (no reasons), WrongState.
    """
    actor.must("decide_recognition")  # first: the database locks a row only for who may change it
    row = _lock(request)
    _must_be_impartial(actor, row)
    if row.state != RecognitionRequest.WAITS:
        raise WrongState("Deze aanvraag wacht niet meer op een beslissing. Laad de pagina opnieuw.")
    if not reasons.strip():
        raise Invalid(
            "Schrijf waarom je zo beslist: de aanvrager leest het, en een collega later ook.", field="reasons"
        )
    row.reasons, row.closed_at, row.closed_by = reasons.strip(), at, actor.person_id
    row.state = RecognitionRequest.GRANTED if grant else RecognitionRequest.REFUSED
    if grant:
        row.provider = row.provider or _become_provider(row, actor, at)
        row.recognition = _prolong(row) if row.renews_id else _recognise(row, at)
    row.save()
    close_case(
        kind=Kind.RECOGNITION,
        subject_id=row.pk,
        actor=actor,
        outcome="approve" if grant else "refuse",
        reasons=row.reasons,
        at=at,
    )
    _tell(row, actor, at)
    return row.recognition.number if row.recognition else ""


def _lock(request: int) -> RecognitionRequest:
    """The locked request, after the name of its enterprise, whose other request may make it a provider just now."""
    found = RecognitionRequest.objects.filter(pk=request).first()
    if found is None:
        raise NotFound("Deze aanvraag bestaat niet.")
    one_at_a_time(f"recognition:{found.enterprise_number}")
    return RecognitionRequest.objects.select_for_update().get(pk=request)


def _must_be_impartial(actor: Actor, row: RecognitionRequest) -> None:
    person = actor.person_id
    assert person is not None, "only people are of the office"
    if row.asked_by == person or identity.ever_had_a_hand_in(
        person, enterprise=row.enterprise_number, provider=row.provider_id
    ):
        raise NotAllowed(
            "Je vroeg dit zelf, of je trad op voor deze onderneming. Een collega moet beslissen."
        )


def _become_provider(row: RecognitionRequest, actor: Actor, at: datetime) -> Provider:
    """The provider that the enterprise becomes, or became by its other request, with who asked as administrator."""
    found = Provider.objects.filter(enterprise_number=row.enterprise_number).first()
    provider = found or Provider.objects.create(
        enterprise_number=row.enterprise_number,
        legal_name=register.enterprise(row.enterprise_number).name,
        trade_name=row.trade_name,
        iban=row.iban,
        email=row.email,
        vat_exempt=row.vat_exempt,
    )
    RecognitionRequest.objects.filter(enterprise_number=row.enterprise_number).update(provider=provider)
    if identity.acts_for(row.asked_by, provider=provider.pk) is None:
        give_capacity(
            actor=actor,
            person=row.asked_by,
            basis="office",
            provider=provider.pk,
            role=Role.PROVIDER_ADMIN,
            given_by=actor.person_id,
            at=at,
        )
    return provider


def _recognise(row: RecognitionRequest, at: datetime) -> Recognition:
    first = legal_day(at)
    return Recognition.objects.create(
        provider=row.provider,
        number=_next_number(row.service),
        service=row.service,
        valid_from=first,
        valid_to=last_day(first, is_starter=row.is_starter),
        is_starter=row.is_starter,
    )


def _next_number(service: str) -> str:
    """One more than the highest ever given: rows are never deleted, so none is given twice or passed over.

    One series for both services: our reading of DV.A233038 and DV.O233039, which one provider has.
    """
    one_at_a_time("recognition-number")
    highest = Recognition.objects.aggregate(highest=Max(Substr("number", len("DV.O") + 1)))["highest"]
    number = int(highest or 0) + 1
    if number > _MOST:
        raise WrongState("Er zijn geen erkenningsnummers meer. Meld dit aan de beheerder van het platform.")
    return f"{LETTERS[service]}{number:0{_DIGITS}d}"


def _prolong(row: RecognitionRequest) -> Recognition:
    """It goes on the day after its last one, also when the office decides later than that: our reading."""
    recognition = Recognition.objects.select_for_update().get(pk=row.renews_id)
    if recognition.struck_off_on is not None:
        raise WrongState("Deze erkenning is geschrapt: ze kan niet verlengd worden. Weiger de aanvraag.")
    assert recognition.valid_to is not None, "only what ends is renewed"
    recognition.valid_to = renewed_until(recognition.valid_to, was_starter=recognition.is_starter)
    recognition.is_starter, recognition.last_notice = False, None
    recognition.save(update_fields=["valid_to", "is_starter", "last_notice"])
    return recognition


def _tell(row: RecognitionRequest, actor: Actor, at: datetime) -> None:
    recognition = row.recognition
    verb = "refuse_recognition" if recognition is None else "grant_recognition"
    facts = (
        {}
        if recognition is None
        else {
            "number": recognition.number,
            "valid_to": str(recognition.valid_to),
            "provider": row.provider_id,
        }
    )
    record(
        actor=actor,
        verb=verb,
        subject="recognition_request",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        reason=row.reasons,
        facts=facts,
    )
    messages.write(letters.refused(row) if recognition is None else letters.granted(row, recognition), at=at)
