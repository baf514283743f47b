"""Ask to be recognised for one service, or to go on with a recognition that ends; and take that back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from portefeuille.cases import operations as cases
from portefeuille.cases.kinds import HABITS, Kind
from portefeuille.core import identifiers
from portefeuille.core.calendar import after_working_days, legal_day
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, WrongState
from portefeuille.database.locks import one_at_a_time
from portefeuille.history.operations import record
from portefeuille.identity.letters import name_of_firm
from portefeuille.identity.roles import Actor
from portefeuille.messages import operations as messages
from portefeuille.providers import documents, letters
from portefeuille.providers.documents import Upload
from portefeuille.providers.models import DOCUMENTS, SERVICES, Provider, Recognition, RecognitionRequest
from portefeuille.providers.terms import AUDIT_BUREAUS, MOST_AUDIT_AGE_DAYS, may_renew
from portefeuille.register import queries as register


@dataclass(frozen=True, slots=True)
class Asked:
    """What the request says. The last four are for an enterprise that is no provider yet; of others they are known."""

    service: str
    audit_bureau: str
    audited_on: date
    is_declared: bool
    is_starter: bool = False
    trade_name: str = ""
    iban: str = ""
    email: str = ""
    vat_exempt: bool = False


@transaction.atomic
def request_recognition(*, actor: Actor, asked: Asked, uploads: Mapping[str, Upload], at: datetime) -> int:
    """Put a request in the office's queue; its id. A recognition that is near its end is asked to go on.

    ``uploads`` has a PDF for each of ``DOCUMENTS``. Raises NotAllowed, WrongState (one waits already, or a recognition
    holds that does not end yet), Invalid with the field.
    """
    actor.must("request_recognition", enterprise=actor.enterprise, provider=actor.provider)
    enterprise, provider = _for_whom(actor)
    one_at_a_time(f"recognition:{enterprise}")
    _must_be_complete(asked, uploads, today=legal_day(at))
    _must_not_wait(enterprise, asked.service)
    row = RecognitionRequest.objects.create(
        enterprise_number=enterprise,
        provider=provider,
        service=asked.service,
        renews=_to_renew(provider, asked.service, legal_day(at)),
        is_starter=asked.is_starter,
        audit_bureau=asked.audit_bureau,
        audited_on=asked.audited_on,
        is_declared=asked.is_declared,
        asked_by=actor.person_id,
        asked_at=at,
        **_about(asked, provider),
    )
    for kind in DOCUMENTS:
        documents.keep(row, kind, uploads[kind])
    cases.open_case(
        kind=Kind.RECOGNITION, subject_id=row.pk, enterprise=enterprise, person=actor.person_id, at=at
    )
    _record(actor, "request_recognition", row, at)
    term_on = after_working_days(legal_day(at), HABITS[Kind.RECOGNITION].term_working_days)
    messages.write(letters.received(row, name=_name(row), term_on=term_on), at=at)
    return row.pk


@transaction.atomic
def withdraw_request(*, actor: Actor, request: int, at: datetime) -> None:
    """Take it back while it waits; the office need not look at it any more. Raises NotAllowed, NotFound, WrongState."""
    actor.must("request_recognition", enterprise=actor.enterprise, provider=actor.provider)
    row = RecognitionRequest.objects.select_for_update().filter(pk=request).first()
    if row is None or not is_theirs(row, actor):
        raise NotFound("Deze aanvraag bestaat niet.")
    if row.state != RecognitionRequest.WAITS:
        raise WrongState("Over deze aanvraag is al beslist. Laad de pagina opnieuw.")
    row.state, row.closed_at, row.closed_by = RecognitionRequest.WITHDRAWN, at, actor.person_id
    row.save(update_fields=["state", "closed_at", "closed_by"])
    cases.close_case(kind=Kind.RECOGNITION, subject_id=row.pk, actor=actor, outcome="withdrawn", at=at)
    _record(actor, "withdraw_recognition", row, at)


def is_theirs(row: RecognitionRequest, actor: Actor) -> bool:
    """Whether this request is of the provider or the enterprise for which somebody acts."""
    if actor.provider is not None:
        return row.provider_id == actor.provider
    return bool(actor.enterprise) and row.enterprise_number == actor.enterprise and row.provider_id is None


def _for_whom(actor: Actor) -> tuple[str, Provider | None]:
    """The enterprise, and the provider that it is. Raises NotAllowed for the enterprise of a provider."""
    if actor.provider is not None:
        provider = Provider.objects.get(pk=actor.provider)
        return provider.enterprise_number, provider
    if Provider.objects.filter(enterprise_number=actor.enterprise).exists():
        raise NotAllowed(
            "Je onderneming is al dienstverlener. Kies bij “wissel” dat je als dienstverlener optreedt, "
            "of vraag het aan wie dat mag."
        )
    return actor.enterprise, None


def _must_be_complete(asked: Asked, uploads: Mapping[str, Upload], *, today: date) -> None:
    if asked.service not in SERVICES:
        raise Invalid("Kies opleiding of advies.", field="service")
    if asked.audit_bureau not in AUDIT_BUREAUS:
        raise Invalid("Kies het bureau dat je audit deed.", field="audit_bureau")
    if asked.audited_on > today:
        raise Invalid("Deze dag moet nog komen. Vraag je erkenning na de audit.", field="audited_on")
    if asked.audited_on < today - timedelta(days=MOST_AUDIT_AGE_DAYS):
        raise Invalid("Deze audit is meer dan een jaar oud. Laat een nieuwe audit doen.", field="audited_on")
    for kind in DOCUMENTS:
        if kind not in uploads:
            raise Invalid("Kies het bestand met je document.", field=kind)
        documents.must_be_pdf(uploads[kind], field=kind)
    if not asked.is_declared:
        raise Invalid("Zonder deze verklaring kunnen we je aanvraag niet behandelen.", field="is_declared")


def _must_not_wait(enterprise: str, service: str) -> None:
    waits = RecognitionRequest.objects.filter(enterprise_number=enterprise, service=service)
    if waits.filter(state=RecognitionRequest.WAITS).exists():
        raise WrongState(
            "Je aanvraag voor deze dienst wacht al op een beslissing. Trek ze eerst in als er iets niet klopt."
        )


def _to_renew(provider: Provider | None, service: str, today: date) -> Recognition | None:
    """The recognition that would go on; None for one that is asked anew. Raises WrongState while one still holds."""
    held = Recognition.objects.filter(provider=provider, service=service, struck_off_on=None)
    row = held.order_by("-valid_from", "-pk").first() if provider else None
    if row is None or (row.valid_to is not None and row.valid_to < today):
        return None
    if not may_renew(row.valid_to, today):
        until = f"tot en met {row.valid_to:%d/%m/%Y}" if row.valid_to else "zonder einde"
        raise WrongState(
            f"Je bent al erkend voor deze dienst, {until}. Verlengen kan vanaf zes maanden voor het einde."
        )
    return row


def _about(asked: Asked, provider: Provider | None) -> dict[str, object]:
    """What customers are shown and where the money goes: of a provider as it is known, else as it is told."""
    if provider is not None:
        return {
            "trade_name": provider.trade_name,
            "iban": provider.iban,
            "email": provider.email,
            "vat_exempt": provider.vat_exempt,
        }
    try:
        account = identifiers.iban(asked.iban)
    except identifiers.NotANumber:
        raise Invalid("Dit is geen rekeningnummer. Kijk de cijfers na.", field="iban") from None
    if not asked.email.strip():
        raise Invalid("Vul het e-mailadres in waarop klanten je bereiken.", field="email")
    return {
        "trade_name": asked.trade_name.strip(),
        "iban": account,
        "email": asked.email.strip(),
        "vat_exempt": asked.vat_exempt,
    }


def _name(row: RecognitionRequest) -> str:
    if row.provider_id is not None:
        return name_of_firm(provider=row.provider_id)
    return row.trade_name or register.names([row.enterprise_number]).get(row.enterprise_number, "")


def _record(actor: Actor, verb: str, row: RecognitionRequest, at: datetime) -> None:
    record(
        actor=actor,
        verb=verb,
        subject="recognition_request",
        subject_id=row.pk,
        enterprise=row.enterprise_number,
        at=at,
        facts={"service": row.service, "provider": row.provider_id, "renews": row.renews_id},
    )
