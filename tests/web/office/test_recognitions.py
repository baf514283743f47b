"""The office decides on recognitions, and acts on providers; the auditor reads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from tests.providers.asking import PDF, ask, ends_in, owner, provider_admin
from tests.web.test_public import text_of
from tests.world import SELLER, World

from portefeuille.cases.models import Case
from portefeuille.history.models import Look
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.providers.models import Document, Measure, Recognition, RecognitionRequest

SignIn = Callable[[Actor], Client]


@pytest.fixture
def request_id(world: World) -> int:
    """A request that waits, of an enterprise that is no provider yet."""
    return ask(world, owner(world))


def test_it_waits_in_the_queue_and_is_taken(office: Client, request_id: int) -> None:
    told = text_of(office.get("/kantoor?soort=recognition"))
    for words in (
        "Erkenningen 1",
        "Erkenning als dienstverlener",
        "Leerschool BV",
        "Nieuwe erkenning voor opleiding",
        "30 maart 2026",
    ):
        assert words in told, words
    case = Case.objects.get(kind="recognition").pk
    answer = office.post(f"/kantoor/zaken/{case}", {"wat": "nemen"}, follow=True)
    assert answer.redirect_chain[-1][0] == f"/kantoor/erkenningen/{request_id}"
    assert "Deze zaak is van jou." in text_of(answer)


def test_the_page_shows_what_was_asked_what_the_kbo_says_and_what_we_looked_up(
    office: Client, request_id: int
) -> None:
    told = text_of(office.get(f"/kantoor/erkenningen/{request_id}"))
    for words in (
        "Eigenaar",
        "Kiwa",
        "23 februari 2026",
        "Verklaring op eer",
        "Leerschool BV",
        "1999.100.417",
        "De onderneming is actief in de Kruispuntbank – in orde",
        "Auditverslag is er – in orde",
        "Nog geen andere erkenning voor deze dienst – in orde",
        "Erkenning als dienstverlener gevraagd",
    ):
        assert words in told, words
    assert Look.objects.filter(subject="recognition_request", subject_id=request_id).exists()


def test_what_is_wrong_is_said(world: World, office: Client) -> None:
    number = ask(world, provider_admin_near_end(world))
    assert "De onderneming is niet actief in de Kruispuntbank – niet in orde" in text_of(
        office.get(f"/kantoor/erkenningen/{number}")
    )  # the world's provider is not in the register
    RecognitionRequest.objects.filter(pk=number).update(renews=None)
    assert "Er is al een erkenning voor deze dienst – niet in orde" in text_of(
        office.get(f"/kantoor/erkenningen/{number}")
    )


def provider_admin_near_end(world: World) -> Actor:
    ends_in(world, 60)
    return provider_admin(world)


def test_a_file_is_downloaded_as_it_was_handed_in(office: Client, request_id: int) -> None:
    kept = Document.objects.get(kind="certificate")
    answer = office.get(f"/kantoor/documenten/{kept.pk}")
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="1999.100.417-certificate.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert Look.objects.filter(subject="recognition_request").exists()
    assert office.get("/kantoor/documenten/0").status_code == 404


def test_it_is_decided_with_reasons(office: Client, request_id: int) -> None:
    address = f"/kantoor/erkenningen/{request_id}"
    told = text_of(office.post(address, {"outcome": "approve", "reasons": ""}))
    assert "Schrijf waarom" in told
    answer = office.post(address, {"outcome": "approve", "reasons": "Alles in orde."}, follow=True)
    assert "Goedgekeurd: DV.O900503." in text_of(answer)
    told = text_of(office.get(address))
    for words in ("Goedgekeurd", "Alles in orde.", "Erkenningsnummer: DV.O900503", "Zaak afgesloten"):
        assert words in told, words
    assert "Leg mijn beslissing vast" not in told
    answer = office.post(address, {"outcome": "refuse", "reasons": "Toch niet."})
    assert "wacht niet meer op een beslissing" in text_of(answer)
    assert "Toch niet." in text_of(answer)  # what was typed in vain is shown


def test_a_refusal_is_told(office: Client, request_id: int) -> None:
    answer = office.post(
        f"/kantoor/erkenningen/{request_id}",
        {"outcome": "refuse", "reasons": "Het verslag is van een ander."},
        follow=True,
    )
    assert "De aanvraag is geweigerd." in text_of(answer)


def test_a_request_for_more_time_shows_what_there_is(world: World, office: Client) -> None:
    number = ask(world, provider_admin_near_end(world))
    told = text_of(office.get(f"/kantoor/erkenningen/{number}"))
    assert "Verlenging van DV.O900501 voor opleiding" in told
    assert "DV.O900501 Verlenging voor opleiding" in text_of(office.get("/kantoor"))
    office.post(f"/kantoor/erkenningen/{number}", {"outcome": "approve", "reasons": "Goed."})
    assert "DV.O900501" in text_of(office.get(f"/dienstverleners/{world.provider_id}/dossier"))


def test_the_auditor_reads_and_decides_nothing(
    auditor: Actor, sign_in: SignIn, world: World, request_id: int
) -> None:
    client = sign_in(auditor)
    told = text_of(client.get(f"/kantoor/erkenningen/{request_id}"))
    assert "Leg mijn beslissing vast" not in told
    answer = client.post(f"/kantoor/erkenningen/{request_id}", {"outcome": "approve", "reasons": "x"})
    assert answer.status_code == 403
    told = text_of(client.get(f"/dienstverleners/{world.provider_id}/dossier"))
    assert "Grijp in" not in told


def test_who_asked_decides_not(world: World, sign_in: SignIn, request_id: int) -> None:
    row = RecognitionRequest.objects.get(pk=request_id)
    world.person("eigenaar", GivenCapacity(Role.OFFICE))
    clerk = Actor(role=Role.OFFICE, person_id=row.asked_by)
    told = text_of(sign_in(clerk).get(f"/kantoor/erkenningen/{request_id}"))
    assert "Dit is je eigen aanvraag" in told
    assert "Leg mijn beslissing vast" not in told


def measure(world: World, deed: str, service: str = "training") -> dict[str, str]:
    number = Recognition.objects.get(provider_id=world.provider_id, service=service).pk
    return {"wat": "maatregel", "deed": f"{deed}:{number}", "reasons": "Geen lijsten."}


def test_a_provider_is_suspended_resumed_and_struck_off(world: World, office: Client) -> None:
    address = f"/dienstverleners/{world.provider_id}/dossier"
    told = text_of(office.get(address))
    for words in ("Schors DV.O900501", "Schrap DV.A900502, voorgoed", "hallo@kompas.example", "Nog niets."):
        assert words in told, words
    assert "Schrijf waarom" in text_of(office.post(address, {**measure(world, "suspend"), "reasons": ""}))
    told = text_of(office.post(address, measure(world, "suspend"), follow=True))
    assert "DV.O900501 is geschorst." in told
    assert "Geen lijsten." in told
    assert "Beëindig de schorsing van DV.O900501" in told
    told = text_of(office.post(address, measure(world, "end_suspension"), follow=True))
    assert "De schorsing van DV.O900501 is voorbij." in told
    for service in ("training", "advice"):
        told = text_of(office.post(address, measure(world, "strike_off", service), follow=True))
    assert "DV.A900502 is geschrapt." in told
    assert "Grijp in" not in told  # there is nothing left
    assert Measure.objects.count() == 4
    assert Look.objects.filter(subject="provider", enterprise_number=SELLER).exists()


def test_a_measure_is_about_this_provider_only(world: World, office: Client) -> None:
    address = f"/dienstverleners/{world.provider_id}/dossier"
    answer = office.post(address, {"wat": "maatregel", "deed": "suspend:0", "reasons": "x"})
    assert "Kies wat je doet." in text_of(answer)
    assert office.post(address, {"wat": "iets"}).status_code == 200
    assert office.get("/dienstverleners/0/dossier").status_code == 404
    assert not Measure.objects.exists()


def test_a_session_is_noted(world: World, office: Client) -> None:
    address = f"/dienstverleners/{world.provider_id}/dossier"
    session = {"wat": "infosessie", "held_on": "1/3/2026", "about": "De regels, in Gent."}
    told = text_of(office.post(address, session, follow=True))
    assert "De infosessie is genoteerd." in told
    assert "De regels, in Gent." in told
    assert "staat er al" in text_of(office.post(address, session))
    answer = office.post(address, {**session, "held_on": "9/3/2026"})
    assert "Deze dag moet nog komen" in text_of(answer)
    assert "De regels, in Gent." in answer.content.decode()


def test_the_inspector_reads_the_file_of_a_provider(
    inspector: Actor, sign_in: SignIn, world: World, office: Client
) -> None:
    office.post(f"/dienstverleners/{world.provider_id}/dossier", measure(world, "suspend"))
    told = text_of(sign_in(inspector).get(f"/dienstverleners/{world.provider_id}/dossier"))
    assert "Geen lijsten." in told
    assert "Grijp in" not in told
