"""Recognitions in progress in the demo world: one asked for, one suspended. Playing them again changes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from portefeuille.core.calendar import legal_day
from portefeuille.identity import queries as identity
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.providers import queries as providers
from portefeuille.providers import requests as recognitions
from portefeuille.providers.documents import Upload
from portefeuille.providers.models import DOCUMENTS
from portefeuille.providers.operations.request_recognition import Asked, request_recognition
from portefeuille.providers.operations.supervise import suspend

_ASKED_BEFORE = timedelta(days=3)


def play_recognitions(world: dict[str, Any], *, at: datetime) -> None:
    """What ``world.toml`` tells under ``recognition_request`` and ``suspension``."""
    for row in world["recognition_request"]:
        _ask(dict(row), at=at - _ASKED_BEFORE)
    for row in world["suspension"]:
        _suspend(row, at=at - _ASKED_BEFORE)


def _ask(told: dict[str, Any], *, at: datetime) -> None:
    actor = _actor(told.pop("by"), Role.ENTERPRISE_ADMIN)
    is_provider = providers.provider_of_enterprise(actor.enterprise) is not None
    if is_provider or recognitions.own_requests(actor=actor):
        return
    asked = Asked(audited_on=legal_day(at) - timedelta(days=10), is_declared=True, **told)
    files = {kind: Upload(f"{kind}.pdf", _pdf(f"Demo: {kind}")) for kind in DOCUMENTS}
    request_recognition(actor=actor, asked=asked, uploads=files, at=at)


def _suspend(told: dict[str, Any], *, at: datetime) -> None:
    [found] = providers.find(told["number"])
    if recognitions.measures_of(found.id):  # what somebody changed in the demo stays changed
        return
    [recognition] = [one for one in found.recognitions if one.number == told["number"]]
    suspend(actor=_actor(told["by"], Role.OFFICE), recognition=recognition.id, reasons=told["reasons"], at=at)


def _actor(handle: str, role: Role) -> Actor:
    person = next(one for one in identity.people() if one.handle == handle)
    held = next(one for one in person.capacities if one.role is role)
    actor = identity.actor_of(identity.SignedIn(person.id, held.id, assurance=Assurance.SUBSTANTIAL))
    assert actor is not None, "it was just read"
    return actor


def _pdf(words: str) -> bytes:
    """One page with a line of plain words."""
    page = f"BT /F 24 Tf 72 760 Td ({words}) Tj ET".encode("ascii")
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(page), page),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    pdf, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(pdf))
        pdf += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        pdf
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
        % (
            len(parts) + 1,
            table,
            len(parts) + 1,
            len(pdf),
        )
    )
