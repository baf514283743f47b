"""What the claims of ACM/IDM mean here: who somebody is, how sure that is, and in which capacities they may act."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from portefeuille.core.identifiers import NotANumber, enterprise_number, national_number
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.operations.follow_sign_in import ToldCapacity
from portefeuille.identity.roles import OF_A_PROVIDER, OF_AN_ENTERPRISE, OF_THE_PLATFORM, Assurance, Role
from portefeuille.providers import queries as providers
from portefeuille.signin.oidc import SignInFailed

DEFAULT = Path(__file__).resolve().parent / "rights.toml"
FLEMISH_BODY = "GID"


@dataclass(frozen=True, slots=True)
class Rights:
    """The configuration: patterns in order, and the assurance of each means."""

    claim: str
    agency: str
    patterns: tuple[tuple[re.Pattern[str], Role], ...]
    assurance: Mapping[str, Assurance]


@dataclass(frozen=True, slots=True)
class Told:
    """What a sign-in says of somebody. ``organisation`` is for whom they chose to act there."""

    name: str
    assurance: Assurance
    vo_id: str | None
    national_number_hash: str | None
    organisation: str
    is_of_the_agency: bool
    capacities: tuple[ToldCapacity, ...]


@cache
def read_rights(path: Path) -> Rights:
    """Read the configuration; a pattern that can't hold or a role that does not exist ends it here."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    patterns = tuple((re.compile(one["pattern"]), Role(one["role"])) for one in told["right"])
    for pattern, role in patterns:
        needs_org = role in OF_AN_ENTERPRISE | OF_A_PROVIDER
        if needs_org != ("org" in pattern.groupindex) or not (needs_org or role in OF_THE_PLATFORM):
            raise ValueError(f"{path}: the pattern of {role} must {'' if needs_org else 'not '}name an org")
    assurance = {acr: Assurance[level.upper()] for acr, level in told["assurance"].items()}
    return Rights(told["claim"], told["agency"], patterns, assurance)


def understand(claims: Mapping[str, Any]) -> Told:
    """What these claims say. Raises SignInFailed when they don't say who it is."""
    rights = read_rights(Path((settings.OIDC or {}).get("rights_file") or DEFAULT))
    vo_id, number_hash = _text(claims, "vo_id") or None, _number(claims)
    name = f"{_text(claims, 'given_name')} {_text(claims, 'family_name')}".strip()
    acr = _text(claims, "acr")
    if not (vo_id or number_hash) or not name or not acr:
        raise SignInFailed(
            "claims",
            "De Vlaamse overheid zei ons niet wie je bent. Probeer het opnieuw, of kies een andere manier.",
        )
    group, organisation = _text(claims, "vo_doelgroepcode"), _text(claims, "vo_orgcode")
    is_of_the_agency = group == FLEMISH_BODY and organisation == rights.agency
    return Told(
        name=name[:200],
        assurance=rights.assurance.get(acr, Assurance.LOW),
        vo_id=vo_id,
        national_number_hash=number_hash,
        organisation=organisation,
        is_of_the_agency=is_of_the_agency,
        capacities=tuple(_capacities(rights, claims, organisation, is_of_the_agency)),
    )


def _number(claims: Mapping[str, Any]) -> str | None:
    text = _text(claims, "rrn")
    if not text:
        return None
    try:
        return hash_of(national_number(text))
    except NotANumber:
        raise SignInFailed(
            "rrn",
            "Het rijksregisternummer dat we kregen, klopt niet. Bel gratis naar 1700: zij kijken het na.",
        ) from None


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _capacities(
    rights: Rights, claims: Mapping[str, Any], organisation: str, is_of_the_agency: bool
) -> list[ToldCapacity]:
    """Only for the organisation that was chosen: a right for another one counts when that one is chosen."""
    told = [] if _text(claims, "wv_orgcode") != organisation else _representative(organisation)
    listed = claims.get(rights.claim, [])
    for text in [listed] if isinstance(listed, str) else listed if isinstance(listed, list) else []:
        if isinstance(text, str) and (capacity := _capacity(rights, text, organisation, is_of_the_agency)):
            told.append(capacity)
    return told


def _representative(organisation: str) -> list[ToldCapacity]:
    number = _enterprise(organisation)
    return [ToldCapacity(Role.ENTERPRISE_ADMIN, "representative", enterprise=number)] if number else []


def _capacity(rights: Rights, text: str, organisation: str, is_of_the_agency: bool) -> ToldCapacity | None:
    for pattern, role in rights.patterns:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        if role in OF_THE_PLATFORM:  # its pattern spells the agency's own code out
            return ToldCapacity(role, "rights") if is_of_the_agency else None
        number = _enterprise(match["org"])
        if not number or match["org"] != organisation:
            return None
        if role in OF_AN_ENTERPRISE:
            return ToldCapacity(role, "rights", enterprise=number)
        provider = providers.provider_of_enterprise(number)
        return ToldCapacity(role, "rights", provider=provider.id) if provider else None
    return None


def _enterprise(text: str) -> str:
    try:
        return enterprise_number(text)
    except NotANumber:
        return ""
