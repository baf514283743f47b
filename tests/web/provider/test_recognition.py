"""A provider's recognitions, and the form to ask for one: what is wrong is said, what was typed stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.providers.asking import PDF, REASONS, ask, decide, ends_in, owner, provider_admin
from tests.web.test_public import text_of
from tests.world import World

from portefeuille.identity.roles import Actor
from portefeuille.providers.models import Document, Recognition, RecognitionRequest
from portefeuille.providers.operations.supervise import attend_information_session, strike_off, suspend

ADDRESS = "/dienstverlener/erkenning"
SignIn = Callable[[Actor], Client]


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: world.now)


def form(**more: object) -> dict[str, object]:
    return {
        "service": "training",
        "trade_name": "Leerschool",
        "iban": "BE59 9990 0111 1126",
        "email": "hallo@leerschool.example",
        "audit_bureau": "Kiwa",
        "audited_on": "23/2/2026",
        "is_declared": "on",
        "audit_report": SimpleUploadedFile("verslag.pdf", PDF),
        "certificate": SimpleUploadedFile("certificaat.pdf", PDF),
        **more,
    }


def test_an_enterprise_asks_follows_it_and_takes_it_back(world: World, sign_in: SignIn) -> None:
    client = sign_in(owner(world))
    assert "Nog geen erkenning" in text_of(client.get(ADDRESS))
    assert "Je onderneming" in text_of(client.get(f"{ADDRESS}/vragen"))
    told = text_of(client.post(f"{ADDRESS}/vragen", form(), follow=True))
    for words in ("Je aanvraag is verstuurd", "Wordt bekeken", "verslag.pdf", "Gevraagd op 2 maart 2026"):
        assert words in told, words
    assert Document.objects.count() == 2
    number = RecognitionRequest.objects.get().pk
    told = text_of(client.post(f"{ADDRESS}/{number}/intrekken", follow=True))
    assert "Je aanvraag is ingetrokken" in told
    assert "Trek deze aanvraag in" not in told


def test_what_was_typed_stays_and_the_files_are_named(world: World, sign_in: SignIn) -> None:
    client = sign_in(owner(world))
    wrong = form(
        iban="BE59 9990 0111 1127", certificate=SimpleUploadedFile("mijn certificaat.pdf", b"PK geen pdf")
    )
    del wrong["is_declared"]
    answer = client.post(f"{ADDRESS}/vragen", wrong)
    told = text_of(answer)
    for words in (
        "Dit klopt nog niet",
        "is geen rekeningnummer",
        "Vink de verklaring aan",
        "Je koos “mijn certificaat.pdf”. Kies dit bestand opnieuw",
        "Je koos “verslag.pdf”. Kies dit bestand opnieuw",
    ):
        assert words in told, words
    for typed in ("BE59 9990 0111 1127", "hallo@leerschool.example", "23/2/2026"):
        assert typed in answer.content.decode(), typed
    assert not RecognitionRequest.objects.exists()


def test_what_the_operation_refuses_stands_at_its_field(world: World, sign_in: SignIn) -> None:
    client = sign_in(owner(world))
    answer = client.post(f"{ADDRESS}/vragen", form(certificate=SimpleUploadedFile("c.pdf", b"PK geen pdf")))
    assert "geen PDF" in str(answer.context["form"].errors["certificate"])
    large = SimpleUploadedFile("c.pdf", b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024 + 1))
    answer = client.post(f"{ADDRESS}/vragen", form(audit_report=large))
    assert "groter dan 10 MB" in str(answer.context["form"].errors["audit_report"])
    answer = client.post(f"{ADDRESS}/vragen", form(audited_on="2/3/2020"))
    assert "meer dan een jaar oud" in text_of(answer)


def test_a_provider_sees_until_when_and_asks_for_more_time(world: World, sign_in: SignIn) -> None:
    client = sign_in(provider_admin(world))
    told = text_of(client.get(ADDRESS))
    assert "DV.O900501" in told
    assert "geen einde" in told
    ends_in(world, 60)
    told = text_of(client.get(ADDRESS))
    assert "DV.O900501 loopt af op 1 mei 2026" in told
    page = client.get(f"{ADDRESS}/vragen?dienst=training")
    assert 'value="training" checked' in page.content.decode()
    assert "Rekening waarop" not in text_of(page)  # of a provider they are known
    told = text_of(client.post(f"{ADDRESS}/vragen", form(), follow=True))
    assert "verlenging van DV.O900501" in told
    assert "loopt af op" not in told  # it was asked


def test_a_provider_whose_recognition_ended_asks_anew(world: World, sign_in: SignIn) -> None:
    client = sign_in(provider_admin(world))
    ends_in(world, -1)
    assert "met een nieuw nummer" in text_of(client.get(ADDRESS))


def test_who_was_suspended_or_struck_off_reads_why_and_what_may_be_finished(
    world: World, sign_in: SignIn
) -> None:
    training, advice = Recognition.objects.order_by("-number")
    suspend(actor=world.office, recognition=training.pk, reasons="Geen lijsten.", at=world.now)
    strike_off(actor=world.office, recognition=advice.pk, reasons="Valse facturen.", at=world.now)
    attend_information_session(
        actor=world.office,
        provider=world.provider_id,
        held_on=world.day - timedelta(days=1),
        reasons="In Gent.",
        at=world.now,
    )
    told = text_of(sign_in(provider_admin(world)).get(ADDRESS))
    for words in (
        "DV.O900501 is geschorst",
        "Geen lijsten.",
        "DV.A900502 is geschrapt",
        "Valse facturen.",
        "mag je afwerken",
        "Infosessie gevolgd",
        "In Gent.",
    ):
        assert words in told, words


def test_a_colleague_reads_and_asks_nothing(world: World, sign_in: SignIn) -> None:
    ends_in(world, 60)
    client = sign_in(world.provider)
    told = text_of(client.get(ADDRESS))
    assert "loopt af op" in told
    assert "Vraag het nu" not in told
    assert client.post(f"{ADDRESS}/vragen", form()).status_code == 403


def test_who_asked_reads_the_decision_and_is_sent_to_the_new_capacity(world: World, sign_in: SignIn) -> None:
    nele = owner(world)
    client = sign_in(nele)
    decide(world, ask(world, nele), grant=False)
    told = text_of(client.get(ADDRESS))
    assert "Geweigerd" in told
    assert REASONS in told
    decide(world, ask(world, nele))
    told = text_of(client.get(ADDRESS))
    assert "al dienstverlener" in told
    assert "Vraag een erkenning" not in told
