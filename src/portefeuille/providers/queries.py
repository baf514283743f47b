"""Reading providers: finding one by recognition number or by name, and what it is recognised for."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from django.db.models import QuerySet

from portefeuille.core.errors import NotFound
from portefeuille.core.identifiers import NotANumber, provider_number
from portefeuille.database.folded import holds
from portefeuille.providers.models import Provider, Recognition

Service = Literal["training", "advice"]


class Standing(StrEnum):
    """How a recognition stands on a day."""

    TO_COME = "to_come"
    RECOGNISED = "recognised"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    STRUCK_OFF = "struck_off"


@dataclass(frozen=True, slots=True)
class RecognitionFacts:
    """A recognition for one service; ``valid_to`` is its last day, None when it has no end.

    While it is suspended (both days count; without a last one, until somebody ends it) and from the day on which it
    is struck off, it is not in force.
    """

    number: str
    service: Service
    valid_from: date
    valid_to: date | None
    suspended_from: date | None = None
    suspended_until: date | None = None
    struck_off_on: date | None = None
    id: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on that day; its first and last day count."""
        return self.standing(day) is Standing.RECOGNISED

    def standing(self, day: date) -> Standing:
        """What is to be said of it on that day."""
        if self.struck_off_on is not None and day >= self.struck_off_on:
            return Standing.STRUCK_OFF
        if day < self.valid_from:
            return Standing.TO_COME
        if self.valid_to is not None and day > self.valid_to:
            return Standing.EXPIRED
        is_suspended = self.suspended_from is not None and self.suspended_from <= day
        if is_suspended and (self.suspended_until is None or day <= self.suspended_until):
            return Standing.SUSPENDED
        return Standing.RECOGNISED

    @property
    def periods(self) -> tuple[tuple[date, date | None], ...]:
        """First and last day of each time that it is in force, oldest first: what the rules are told."""
        day = timedelta(days=1)
        last = self.valid_to
        if self.struck_off_on is not None:
            last = min(last or date.max, self.struck_off_on - day)
        found: list[tuple[date, date | None]] = []
        if self.suspended_from is None:
            found.append((self.valid_from, last))
        else:
            found.append((self.valid_from, min(last or date.max, self.suspended_from - day)))
            if self.suspended_until is not None:
                found.append((max(self.valid_from, self.suspended_until + day), last))
        return tuple((first, end) for first, end in found if end is None or first <= end)


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A provider. It is paid on ``iban``, under its legal name; customers know it by ``display_name``."""

    id: int
    enterprise_number: str
    legal_name: str
    trade_name: str
    display_name: str
    iban: str
    email: str
    vat_exempt: bool
    recognitions: tuple[RecognitionFacts, ...]

    def recognition(self, service: str, on: date) -> RecognitionFacts | None:
        """The recognition for this service that is in force on that day, if there is one."""
        matching = (one for one in self.recognitions if one.service == service and one.holds_on(on))
        return next(matching, None)


def find(text: str, *, limit: int = 20) -> list[ProviderFacts]:
    """Providers with this recognition number, or with this text in the trade or legal name, by display name.

    A zero typed for the letter O is forgiven, and the other way round; so are accents and capitals in names, and a
    number without what stands before it (``O218693``, ``218693``).
    A provider is found whether or not its recognition is still in force.
    """
    wanted = text.strip()
    if not wanted:
        return []
    found = [
        _facts(one)
        for one in _matching(wanted).order_by("legal_name", "id").prefetch_related("recognitions")[:limit]
    ]
    return sorted(found, key=lambda one: (one.display_name.casefold(), one.id))


def listed(text: str = "", *, service: str = "") -> list[ProviderFacts]:
    """The public register: everybody who ever was recognised, or those that ``find`` would find, by display name.

    With a service, those that have (had) a recognition for it.
    """
    wanted = text.strip()
    known = Provider.objects.filter(pk__in=Recognition.objects.values("provider_id"))
    if wanted:
        known = known.filter(pk__in=_matching(wanted).values("pk"))
    if service:
        known = known.filter(pk__in=Recognition.objects.filter(service=service).values("provider_id"))
    found = [_facts(one) for one in known.prefetch_related("recognitions")]
    return sorted(found, key=lambda one: (one.display_name.casefold(), one.id))


def folded(text: str) -> str:
    """Text without accents and capitals, as the database folds it."""
    plain = unicodedata.normalize("NFKD", text.strip())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()


def _matching(wanted: str) -> QuerySet[Provider]:
    numbers = _numbers(wanted)
    if numbers:
        return Provider.objects.filter(recognitions__number__in=numbers).distinct()
    return Provider.objects.filter(holds("trade_name", wanted) | holds("legal_name", wanted))


def _numbers(text: str) -> list[str]:
    """The recognition numbers that this may stand for: one, or one for each service when no letter was typed."""
    for before in (("",), ("DV.",), ("DV.O", "DV.A")):
        try:
            return [provider_number(start + text) for start in before]
        except NotANumber:
            continue
    return []


def provider(provider_id: int) -> ProviderFacts:
    """One provider. Raises NotFound."""
    found = Provider.objects.filter(pk=provider_id).prefetch_related("recognitions").first()
    if found is None:
        raise NotFound(
            "Deze dienstverlener bestaat niet. Zoek hem op met zijn erkenningsnummer of zijn naam."
        )
    return _facts(found)


def providers(ids: Iterable[int]) -> dict[int, ProviderFacts]:
    """These providers, by id; unknown ones are absent."""
    found = Provider.objects.filter(pk__in=list(ids)).prefetch_related("recognitions")
    return {one.pk: _facts(one) for one in found}


def provider_of_enterprise(enterprise_number: str) -> ProviderFacts | None:
    """The provider that this enterprise is, if it is one."""
    found = (
        Provider.objects.filter(enterprise_number=enterprise_number).prefetch_related("recognitions").first()
    )
    return _facts(found) if found else None


def recognitions(provider_id: int) -> tuple[RecognitionFacts, ...]:
    """The recognitions of a provider, by number; empty when there are none or the provider is unknown."""
    return _recognitions(Recognition.objects.filter(provider_id=provider_id))


def names(ids: Iterable[int]) -> dict[int, str]:
    """The display name of each of these providers."""
    return {one.pk: one.display_name for one in Provider.objects.filter(pk__in=list(ids))}


def _facts(found: Provider) -> ProviderFacts:
    return ProviderFacts(
        id=found.pk,
        enterprise_number=found.enterprise_number,
        legal_name=found.legal_name,
        trade_name=found.trade_name,
        display_name=found.display_name,
        iban=found.iban,
        email=found.email,
        vat_exempt=found.vat_exempt,
        recognitions=_recognitions(found.recognitions.all()),
    )


def _recognitions(rows: Iterable[Recognition]) -> tuple[RecognitionFacts, ...]:
    facts = (
        RecognitionFacts(
            number=row.number,
            service="training" if row.service == "training" else "advice",
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            suspended_from=row.suspended_from,
            suspended_until=row.suspended_until,
            struck_off_on=row.struck_off_on,
            id=row.pk,
        )
        for row in rows
    )
    return tuple(sorted(facts, key=lambda fact: fact.number))
