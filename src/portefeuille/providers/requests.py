"""Reading requests for recognition, the files with them, and what the office did about a provider."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from portefeuille.core.errors import NotFound
from portefeuille.identity.roles import Actor
from portefeuille.providers.documents import opened
from portefeuille.providers.models import Document, Measure, RecognitionRequest


@dataclass(frozen=True, slots=True)
class DocumentView:
    """A file with a request, without what is in it."""

    id: int
    request: int
    kind: str
    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class RequestView:
    """A request. ``number`` is the recognition that it brought, ``renews`` the one that it would let go on."""

    id: int
    enterprise: str
    provider: int | None
    service: str
    renews: str
    renews_until: date | None
    trade_name: str
    iban: str
    email: str
    vat_exempt: bool
    is_starter: bool
    audit_bureau: str
    audited_on: date
    asked_by: int
    asked_at: datetime
    state: str
    closed_at: datetime | None
    reasons: str
    number: str
    documents: tuple[DocumentView, ...]

    @property
    def waits(self) -> bool:
        """Whether nobody decided yet."""
        return self.state == RecognitionRequest.WAITS


@dataclass(frozen=True, slots=True)
class MeasureView:
    """What the office did; ``number`` is the recognition's, empty for a session."""

    kind: str
    number: str
    on: date
    reasons: str
    person: int
    at: datetime


def own_requests(*, actor: Actor) -> list[RequestView]:
    """Those of the provider or enterprise for which somebody acts, newest first. Raises NotAllowed."""
    actor.must("see_recognition", enterprise=actor.enterprise, provider=actor.provider)
    theirs = (
        Q(provider_id=actor.provider)
        if actor.provider is not None
        else Q(provider_id=None, enterprise_number=actor.enterprise)
    )
    return _views(theirs)


def request(number: int, *, actor: Actor) -> RequestView:
    """One request, for who decides on it or reads it all. Raises NotAllowed, NotFound."""
    actor.must("see_recognition_requests")
    found = _views(Q(pk=number))
    if not found:
        raise NotFound("Deze aanvraag bestaat niet.")
    return found[0]


def requests(numbers: Iterable[int], *, actor: Actor) -> dict[int, RequestView]:
    """These requests, by id. Raises NotAllowed."""
    actor.must("see_recognition_requests")
    return {one.id: one for one in _views(Q(pk__in=list(numbers)))}


def requests_of(provider: int, *, actor: Actor) -> list[RequestView]:
    """Those of a provider, newest first. Raises NotAllowed."""
    actor.must("see_recognition_requests")
    return _views(Q(provider_id=provider))


def document(number: int, *, actor: Actor) -> tuple[DocumentView, bytes]:
    """A file that came with a request, whole. Raises NotAllowed, NotFound."""
    actor.must("see_recognition_requests")
    row = Document.objects.filter(pk=number).first()
    if row is None:
        raise NotFound("Dit document bestaat niet.")
    return _document(row), opened(row)


def measures_of(provider: int) -> list[MeasureView]:
    """What the office did about a provider, newest first; the walls show it to that provider and to staff only."""
    rows = Measure.objects.filter(provider_id=provider).select_related("recognition").order_by("-id")
    return [
        MeasureView(
            kind=row.kind,
            number=row.recognition.number if row.recognition else "",
            on=row.on,
            reasons=row.reasons,
            person=row.person_id,
            at=row.at,
        )
        for row in rows
    ]


def _views(which: Q) -> list[RequestView]:
    rows = RecognitionRequest.objects.filter(which).select_related("renews", "recognition").order_by("-id")
    found = list(rows)
    files: dict[int, list[DocumentView]] = {}
    for row in Document.objects.filter(request__in=found).defer("sealed").order_by("id"):
        files.setdefault(row.request_id, []).append(_document(row))
    return [_view(row, tuple(files.get(row.pk, ()))) for row in found]


def _document(row: Document) -> DocumentView:
    return DocumentView(row.pk, row.request_id, row.kind, row.name, row.size, row.digest)


def _view(row: RecognitionRequest, documents: tuple[DocumentView, ...]) -> RequestView:
    return RequestView(
        id=row.pk,
        enterprise=row.enterprise_number,
        provider=row.provider_id,
        service=row.service,
        renews=row.renews.number if row.renews else "",
        renews_until=row.renews.valid_to if row.renews else None,
        trade_name=row.trade_name,
        iban=row.iban,
        email=row.email,
        vat_exempt=row.vat_exempt,
        is_starter=row.is_starter,
        audit_bureau=row.audit_bureau,
        audited_on=row.audited_on,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=row.state,
        closed_at=row.closed_at,
        reasons=row.reasons,
        number=row.recognition.number if row.recognition else "",
        documents=documents,
    )
