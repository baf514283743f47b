"""The facts of an application, gathered from every domain that knows some; what nobody knows stays absent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from portefeuille.applications.asked import Asked
from portefeuille.applications.models import Application, CeilingUse
from portefeuille.core.errors import Refusal
from portefeuille.core.lifecycle import USED
from portefeuille.core.money import Money
from portefeuille.identity import queries as identity
from portefeuille.providers import queries as providers
from portefeuille.register import live
from portefeuille.register import queries as register

Facts = dict[str, Any]


def facts(
    enterprise: str, scheme: str, asked: Asked, *, on: date, findings: Sequence[Mapping[str, Any]] = ()
) -> Facts:
    """What is known on that day, in the terms of ``kmo decide --schema``. Reads; changes nothing."""
    return {
        "enterprise": {
            **_register_facts(enterprise, on),
            **_own_facts(enterprise),
            **_use(enterprise, scheme, on),
        },
        "application": _asked_facts(asked),
        "provider": _provider_facts(asked),
        "findings": list(findings),
    }


def _register_facts(number: str, on: date) -> Facts:
    known = register.enterprise(number)
    return {
        "number": number,
        "kind": "self_employed" if known.kind == "natural" else "company",
        "flemish_establishment": known.has_flemish_establishment,
        "legal_form": known.legal_form or None,
        "nace_codes": [
            {"version": activity.version, "code": activity.code, "main": activity.is_main}
            for activity in known.activities
        ],
        **_present_facts(known, on),
    }


def _present_facts(known: register.EnterpriseFacts, on: date) -> Facts:
    """What may have changed since the last extract, or isn't in it: of the look-up when there is one to ask.

    An enterprise that the register shows as ended is ended. For any other the look-up has the last word, and while it
    doesn't answer these facts are unknown: no rule can turn that into a yes.
    """
    seat, is_active = known.seat, known.is_active
    if live.is_set_up() and known.is_active:
        try:
            now = live.enterprise(known.number, on=on)
        except live.LookupUnavailable:
            now = None
        if now is None:
            return {"region": None, "is_active": None, "situation": None}
        seat, is_active = now.seat or known.seat, now.is_active
    region = seat.region if seat else "unknown"
    if seat is None and known.has_flemish_establishment:
        region = "flanders"  # the KBO publishes no seat of a natural person; where it works is what tells
    return {
        "region": None if region == "unknown" else region,
        "is_active": is_active,
        "situation": known.situation or None,
    }


def _own_facts(number: str) -> Facts:
    try:
        return {"size": identity.profile(number).size}
    except Refusal:
        return {}


def _use(enterprise: str, scheme: str, on: date) -> Facts:
    """The years in which the scheme was used before, and what this year's applications hold of the ceiling."""
    used = Application.objects.filter(enterprise_number=enterprise, scheme=scheme).filter(
        Q(state__in=USED) & Q(ceiling_year__isnull=False)
    )
    year = CeilingUse.objects.filter(enterprise_number=enterprise, scheme=scheme, year=on.year).first()
    return {
        "used_years": sorted(set(used.values_list("ceiling_year", flat=True))),
        "subsidy_granted_this_year": str(Money(year.granted_cents if year else 0)),
    }


def _asked_facts(asked: Asked) -> Facts:
    training = asked.service == "training"
    stated = asked.declared or bool(asked.support.strip()) or None
    return {
        "service": asked.service or None,
        "name": asked.name.strip() or None,
        "theme": asked.theme or None,
        "form": asked.form or None,
        "activity_nace": (
            {"version": asked.nace_version, "code": asked.nace_code} if asked.nace_code else None
        ),
        "agreement_on": asked.agreement_on,
        "starts_on": asked.starts_on,
        "ends_on": asked.ends_on,
        "amount": asked.amount,
        "vat_exempt": asked.vat_exempt,
        "vat_rate": None if asked.vat_basis_points is None else str(Money(asked.vat_basis_points)),
        "supports_activity": stated if training else None,
        "concerns_enterprise": None if training else stated,
        "participants": [{"tie": person.tie or None} for person in asked.people] or None,
    }


def _provider_facts(asked: Asked) -> Facts | None:
    if asked.provider is None:
        return None
    return {
        "number": asked.recognition_number or None,
        "recognitions": [
            {
                "number": one.number,
                "service": one.service,
                "valid_from": first,
                "valid_to": last,
            }
            for one in providers.recognitions(asked.provider)
            for first, last in one.periods  # without the days on which it is suspended or struck off
        ],
    }
