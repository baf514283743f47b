"""Asking to be recognised: who may, what must come along, and taking it back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.providers.asking import PDF, ask, asked_on, decide, ends_in, owner, provider_admin, uploads
from tests.world import SELLER, World

from portefeuille.cases.models import Case
from portefeuille.core.errors import Invalid, NotAllowed, NotFound, StrongerSignInNeeded, WrongState
from portefeuille.history.queries import events_of
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.providers.documents import Upload, opened
from portefeuille.providers.models import Document, RecognitionRequest
from portefeuille.providers.operations.request_recognition import request_recognition, withdraw_request

pytestmark = pytest.mark.django_db


def test_an_enterprise_that_is_no_provider_asks_and_the_office_gets_it(world: World) -> None:
    nele = owner(world)
    number = ask(world, nele)
    row = RecognitionRequest.objects.get(pk=number)
    assert (row.state, row.enterprise_number, row.provider_id) == ("waits", nele.enterprise, None)
    assert (row.iban, row.trade_name, row.renews_id) == ("BE59999001111126", "Leerschool", None)
    case = Case.objects.get(kind="recognition")
    assert (case.subject_id, case.about_person, case.enterprise_number) == (
        number,
        nele.person_id,
        nele.enterprise,
    )
    assert case.term_on == date(2026, 3, 30)  # twenty working days
    [event] = events_of("recognition_request", number)
    assert (event.verb, event.person_id) == ("request_recognition", nele.person_id)
    mail = Message.objects.get(kind="recognition_received")
    assert mail.to_address == "eigenaar@test.example"
    assert "tegen 30 maart 2026" in mail.text


def test_files_are_kept_whole_sealed_and_with_their_digest(world: World) -> None:
    ask(world, owner(world))
    kept = Document.objects.get(kind="certificate")
    assert (kept.name, kept.size, kept.digest) == (
        "certificaat.pdf",
        len(PDF),
        hashlib.sha256(PDF).hexdigest(),
    )
    assert PDF[:8] not in bytes(kept.sealed)
    assert opened(kept) == PDF
    kept.digest = "0" * 64
    with pytest.raises(ValueError, match="is not what was handed in"):
        opened(kept)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("een\0 na\u202eam.pdf ", "een naam.pdf"),
        ("\n", "certificate.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_file_may_have_any_name(world: World, name: str, kept: str) -> None:
    request_recognition(
        actor=owner(world),
        asked=asked_on(world.day),
        uploads=uploads(certificate=Upload(name, PDF)),
        at=world.now,
    )
    assert Document.objects.get(kind="certificate").name == kept


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"service": "coaching"}, "service"),
        ({"audit_bureau": "Bureau Onbekend"}, "audit_bureau"),
        ({"audited_on": date(2026, 3, 3)}, "audited_on"),
        ({"audited_on": date(2025, 3, 1)}, "audited_on"),
        ({"is_declared": False}, "is_declared"),
        ({"iban": "BE59 9990 0111 1127"}, "iban"),
        ({"email": " "}, "email"),
    ],
)
def test_what_is_not_complete_is_refused_at_its_field(world: World, more: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        ask(world, owner(world), **more)
    assert refused.value.field == field
    assert not RecognitionRequest.objects.exists()
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (Upload("leeg.pdf", b""), "leeg"),
        (Upload("echt.pdf", b"PK\x03\x04 een zip"), "geen PDF"),
        (Upload("half.pdf", b"%PDF-1.7 afgebroken"), "niet volledig"),
        (Upload("groot.pdf", b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024) + b"%%EOF"), "groter dan 10 MB"),
        (Upload("pagina.pdf", b"<html><script>"), "geen PDF"),
        (Upload("twee.pdf", b"\0\0%PDF-1.7 %%EOF"), "geen PDF"),
        (Upload("beide.pdf", PDF + b"PK\x05\x06" + b"\0" * 18), "ook een zip"),
    ],
)
def test_only_a_whole_pdf_is_taken_in(world: World, upload: Upload, words: str) -> None:
    nele = owner(world)
    with pytest.raises(Invalid, match=words) as refused:
        request_recognition(
            actor=nele, asked=asked_on(world.day), uploads=uploads(certificate=upload), at=world.now
        )
    assert refused.value.field == "certificate"
    with pytest.raises(Invalid) as refused:
        request_recognition(
            actor=nele,
            asked=asked_on(world.day),
            uploads={"certificate": Upload("c.pdf", PDF)},
            at=world.now,
        )
    assert refused.value.field == "audit_report"


def test_one_waits_at_a_time_for_each_service(world: World) -> None:
    nele = owner(world)
    first = ask(world, nele)
    with pytest.raises(WrongState, match="wacht al op een beslissing"):
        ask(world, nele)
    ask(world, nele, service="advice")
    row = RecognitionRequest.objects.get(pk=first)
    row.pk = None
    with pytest.raises(IntegrityError, match="recognition_asked_once"), transaction.atomic():
        row.save(force_insert=True)


def test_who_decides_for_nobody_may_not_ask(world: World) -> None:
    nele = owner(world)
    for stranger in (world.entrepreneur, world.provider, world.office):
        with pytest.raises(NotAllowed):
            ask(world, stranger)
    with pytest.raises(StrongerSignInNeeded):
        ask(world, replace(nele, assurance=Assurance.LOW))


def test_the_enterprise_of_a_provider_is_sent_to_its_other_capacity(world: World) -> None:
    nele = owner(world)
    decide(world, ask(world, nele))
    with pytest.raises(NotAllowed, match="al dienstverlener"):
        ask(world, nele, service="advice")


def test_a_recognition_near_its_end_is_asked_to_go_on(world: World) -> None:
    boss, held = provider_admin(world), ends_in(world, 181)
    with pytest.raises(WrongState, match="Verlengen kan vanaf zes maanden"):
        ask(world, boss)
    world.pass_days(1)
    row = RecognitionRequest.objects.get(pk=ask(world, boss))
    assert (row.renews_id, row.provider_id, row.enterprise_number) == (held.pk, world.provider_id, SELLER)
    assert (row.iban, row.email) == ("BE64999030000352", "hallo@kompas.example")  # as they are known


def test_what_has_ended_is_asked_anew(world: World) -> None:
    boss = provider_admin(world)
    ends_in(world, -1)
    assert RecognitionRequest.objects.get(pk=ask(world, boss)).renews_id is None


def test_a_recognition_without_an_end_needs_no_other(world: World) -> None:
    with pytest.raises(WrongState, match="al erkend voor deze dienst, zonder einde"):
        ask(world, provider_admin(world))


def test_a_request_is_taken_back_while_it_waits(world: World) -> None:
    nele = owner(world)
    number = ask(world, nele)
    withdraw_request(actor=nele, request=number, at=world.now)
    row = RecognitionRequest.objects.get(pk=number)
    assert (row.state, row.closed_by) == ("withdrawn", nele.person_id)
    assert Case.objects.get(kind="recognition").outcome == "withdrawn"
    assert [one.verb for one in events_of("recognition_request", number)] == [
        "request_recognition",
        "withdraw_recognition",
    ]
    with pytest.raises(WrongState):
        withdraw_request(actor=nele, request=number, at=world.now)
    ask(world, nele)


def test_nobody_takes_back_anothers_request(world: World) -> None:
    number = ask(world, owner(world))
    other = world.person("ander", GivenCapacity(Role.ENTERPRISE_ADMIN, enterprise="1999100120"))
    for stranger in (other, provider_admin(world)):
        with pytest.raises(NotFound):
            withdraw_request(actor=stranger, request=number, at=world.now)
    with pytest.raises(NotFound):
        withdraw_request(actor=other, request=number + 1, at=world.now + timedelta(days=1))
