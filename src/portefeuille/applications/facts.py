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
from portefeuille.register import queries as register

Facts = dict[str, Any]


def facts(
    enterprise: str, scheme: str, asked: Asked, *, on: date, findings: Sequence[Mapping[str, Any]] = ()
) -> Facts:
    """What is known on that day, in the terms of ``kmo decide --schema``. Reads; changes nothing."""
    return {
        "enterprise": {
            **_register_facts(enterprise),
            **_own_facts(enterprise),
            **_use(enterprise, scheme, on),
        },
        "application": _asked_facts(asked),
        "provider": _provider_facts(asked),
        "findings": list(findings),
    }


def _register_facts(number: str) -> Facts:
    known = register.enterprise(number)
    region = known.region
    if known.seat is None and known.has_flemish_establishment:
        region = "flanders"  # the KBO publishes no seat of a natural person; where it works is what tells
    return {
        "number": number,
        "kind": "self_employed" if known.kind == "natural" else "company",
        "region": None if region == "unknown" else region,
        "flemish_establishment": known.has_flemish_establishment,
        "is_active": known.is_active,
        "situation": known.situation or None,
        "legal_form": known.legal_form or None,
        "nace_codes": [
            {"version": activity.version, "code": activity.code, "main": activity.is_main}
            for activity in known.activities
        ],
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
                "valid_from": one.valid_from,
                "valid_to": one.valid_to,
            }
            for one in providers.recognitions(asked.provider)
        ],
    }
