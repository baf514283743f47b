"""Two people settle the address of a letter or of a card."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from tests.activation.people import SOLE
from tests.web.test_public import text_of
from tests.world import World

from portefeuille.activation.models import Activation
from portefeuille.cases.models import Case
from portefeuille.core.identifiers import dotted
from portefeuille.history.models import Look
from portefeuille.identity.models import Capacity
from portefeuille.identity.operations.give_capacity import give_capacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.messages.models import Message
from portefeuille.post.models import PaperLetter
from portefeuille.register.models import Enterprise
from portefeuille.signin.models import CodeCard

PROPOSAL = {
    "wat": "voorstel",
    "outcome": "address",
    "street": "Thuisstraat 7",
    "town": "9000 Gent",
    "reasons": "Adres nagekeken in het Rijksregister.",
}


def test_it_shows_who_asks_and_what_the_register_says(office: Client, letter_case: int) -> None:
    told = text_of(office.get(f"/kantoor/zaken/{letter_case}"))
    for words in (
        "Wie vraagt het? Nora",
        "nora@test.example",
        f"Voor welke onderneming? Amira Haar ({dotted(SOLE)})",
        "De Kruispuntbank geeft geen adres",
        "Zetel niet bekend",
        "Vestigingen geen",
        "Doe een voorstel",
        "Op de envelop staat eerst: Amira Haar",
        "Te beslissen ten laatste op 9 maart 2026",
    ):
        assert words in told, words


def test_one_proposes_another_confirms_and_the_letter_leaves(
    office: Client, second: Client, letter_case: int
) -> None:
    answer = office.post(f"/kantoor/zaken/{letter_case}", PROPOSAL, follow=True)
    assert "Je voorstel is bewaard" in text_of(answer)
    assert "Voorstel van Office: wacht op een tweede persoon" in text_of(answer)
    assert "Kijk na" not in text_of(answer)
    assert "Kijk na Amira Haar" in text_of(second.get("/kantoor"))
    own = office.get(f"/kantoor/zaken/{letter_case}")
    assert "Jij deed dit voorstel" in text_of(own)
    assert 'value="akkoord"' not in own.content.decode()
    told = text_of(second.get(f"/kantoor/zaken/{letter_case}"))
    assert "Deze zaak is van Office." in told
    assert "Amira Haar Thuisstraat 7 9000 Gent" in told
    assert "Adres nagekeken in het Rijksregister." in told
    answer = second.post(f"/kantoor/zaken/{letter_case}", {"wat": "akkoord"}, follow=True)
    assert "De brief ligt klaar bij “Brieven”" in text_of(answer)
    assert PaperLetter.objects.get().envelope.splitlines()[-2:] == ["Thuisstraat 7", "9000 Gent"]
    told = text_of(office.get(f"/kantoor/zaken/{letter_case}"))
    assert "Afgehandeld" in told
    assert "Zaak afgesloten 2 maart 2026, 10.00 uur, Collega (dossierbehandelaar)" in told
    assert (
        told.count("Adres nagekeken in het Rijksregister.") == 2
    )  # in the decision, and once in what happened


def test_who_proposed_can_not_confirm_by_hand(office: Client, letter_case: int) -> None:
    office.post(f"/kantoor/zaken/{letter_case}", PROPOSAL)
    answer = office.post(f"/kantoor/zaken/{letter_case}", {"wat": "akkoord"})
    assert "Jij deed dit voorstel. Een collega moet het nakijken." in text_of(answer)
    assert not PaperLetter.objects.exists()
    assert Case.objects.get().closed_at is None


def test_nothing_leaves_and_the_one_who_asked_reads_why(
    office: Client, second: Client, letter_case: int
) -> None:
    sent = {"wat": "voorstel", "outcome": "none", "reasons": "De onderneming bestaat niet meer."}
    office.post(f"/kantoor/zaken/{letter_case}", sent)
    assert "Er vertrekt niets." in text_of(second.get(f"/kantoor/zaken/{letter_case}"))
    answer = second.post(f"/kantoor/zaken/{letter_case}", {"wat": "akkoord"}, follow=True)
    assert "Er vertrekt niets, en de aanvrager weet waarom." in text_of(answer)
    assert "De onderneming bestaat niet meer." in Message.objects.get(kind="activation_refused").text
    assert Activation.objects.get().state == "refused"


def test_a_proposal_is_sent_back_with_reasons_and_made_anew(
    office: Client, second: Client, letter_case: int
) -> None:
    office.post(f"/kantoor/zaken/{letter_case}", PROPOSAL)
    page = second.post(f"/kantoor/zaken/{letter_case}", {"wat": "terug", "reasons": " "})
    assert "Schrijf wat er niet klopt" in text_of(page)
    answer = second.post(
        f"/kantoor/zaken/{letter_case}", {"wat": "terug", "reasons": "Dat is een postbus."}, follow=True
    )
    assert "Het voorstel is teruggestuurd." in text_of(answer)
    told = text_of(office.get(f"/kantoor/zaken/{letter_case}"))
    assert (
        "Voorstel teruggestuurd 2 maart 2026, 10.00 uur, Collega (dossierbehandelaar) Dat is een postbus."
        in told
    )
    assert "Doe een voorstel" in told


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("street", "Vul in bij “Straat en nummer”."),
        ("town", "Vul in bij “Postcode en gemeente”."),
        ("reasons", "Schrijf waarom: een collega kijkt het na"),
        ("outcome", "Kies of de post naar een adres gaat."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    office: Client, letter_case: int, left_out: str, words: str
) -> None:
    page = office.post(f"/kantoor/zaken/{letter_case}", {**PROPOSAL, left_out: " "})
    assert words in text_of(page)
    for name, typed in PROPOSAL.items():
        assert name in {left_out, "wat", "outcome"} or typed in page.content.decode(), name
    assert Case.objects.get().proposal is None


def test_a_colleague_who_was_faster_loses_nobodys_words(
    office: Client, second: Client, letter_case: int
) -> None:
    office.post(f"/kantoor/zaken/{letter_case}", PROPOSAL)
    told = text_of(second.post(f"/kantoor/zaken/{letter_case}", {**PROPOSAL, "reasons": "Een lang betoog."}))
    assert "Een collega was je voor met een voorstel." in told
    assert Case.objects.get().reasons == PROPOSAL["reasons"]
    second.post(f"/kantoor/zaken/{letter_case}", {"wat": "akkoord"})
    told = text_of(office.post(f"/kantoor/zaken/{letter_case}", {**PROPOSAL, "reasons": "Nog een betoog."}))
    assert "Hierover is al beslist." in told
    assert "Dit schreef je, het is niet bewaard: Nog een betoog." in told


def test_what_can_not_be_done_is_said_beside_the_button(
    office: Client, second: Client, letter_case: int
) -> None:
    office.post(f"/kantoor/zaken/{letter_case}", PROPOSAL)
    Enterprise.objects.filter(pk=SOLE).update(situation="050")
    told = text_of(second.post(f"/kantoor/zaken/{letter_case}", {"wat": "akkoord"}))
    assert "gestopt" in told
    assert "Niet akkoord?" in told


def test_nobody_decides_on_their_own_request(
    world: World, sign_in: Callable[[Actor], Client], letter_case: int
) -> None:
    person = Activation.objects.get().person_id
    Capacity.objects.create(person_id=person, role=Role.OFFICE)
    client = sign_in(replace(world.office, person_id=person))
    page = client.get(f"/kantoor/zaken/{letter_case}")
    assert "Dit is je eigen aanvraag" in text_of(page)
    assert "<form" not in page.content.decode().partition("<main")[2]
    told = text_of(client.post(f"/kantoor/zaken/{letter_case}", PROPOSAL))
    assert "Dit is je eigen aanvraag. Een collega moet ze behandelen." in told
    assert "<button" not in client.get("/kantoor").content.decode().partition("<main")[2]


def test_a_card_goes_the_same_way(office: Client, second: Client, card_case: int) -> None:
    told = text_of(office.get(f"/kantoor/zaken/{card_case}"))
    for words in ("Wie vraagt het? Ann Wouters", "Codekaart om zich aan te melden", "Het Rijksregister kent"):
        assert words in told, words
    office.post(f"/kantoor/zaken/{card_case}", {**PROPOSAL, "extra": "p/a OCMW"})
    second.post(f"/kantoor/zaken/{card_case}", {"wat": "akkoord"})
    assert PaperLetter.objects.get().envelope.splitlines() == [
        *("Ann Wouters", "p/a OCMW", "Thuisstraat 7", "9000 Gent")
    ]
    assert CodeCard.objects.get().state == "sent"


def test_a_card_that_is_not_sent_is_blocked(office: Client, second: Client, card_case: int) -> None:
    office.post(f"/kantoor/zaken/{card_case}", {"wat": "voorstel", "outcome": "none", "reasons": "Onbekend."})
    second.post(f"/kantoor/zaken/{card_case}", {"wat": "akkoord"})
    assert CodeCard.objects.get().state == "blocked"


def test_the_cards_page_shows_the_enterprises_of_who_asks(
    world: World, office: Client, card_case: int
) -> None:
    person = CodeCard.objects.get().person_id
    give_capacity(
        actor=replace(Actor.system(), person_id=person),
        enterprise=world.entrepreneur.enterprise,
        basis="letter",
        at=world.now,
    )
    told = text_of(office.get(f"/kantoor/zaken/{card_case}"))
    assert "Naam Bakkerij Korst" in told
    assert "Teststraat 1, 9000 Stad" in told


def test_who_opens_the_page_of_a_letter_leaves_a_trace(
    office: Client, world: World, letter_case: int
) -> None:
    office.get(f"/kantoor/zaken/{letter_case}")
    seen = Look.objects.get()
    assert (seen.person_id, seen.enterprise_number, seen.subject) == (
        world.office.person_id,
        SOLE,
        "activation",
    )


def test_the_auditor_reads_it_and_does_nothing(
    auditor: Actor, office: Client, sign_in: Callable[[Actor], Client], letter_case: int, card_case: int
) -> None:
    client = sign_in(auditor)
    for case in (letter_case, card_case):
        for sent in (PROPOSAL, {"wat": "akkoord"}, {"wat": "terug", "reasons": "x"}, {"wat": "nemen"}):
            assert client.post(f"/kantoor/zaken/{case}", sent).status_code == 403, sent
    office.post(f"/kantoor/zaken/{letter_case}", PROPOSAL)
    page = client.get(f"/kantoor/zaken/{letter_case}")
    assert "Thuisstraat 7" in text_of(page)
    assert "<button" not in page.content.decode().partition("<main")[2]


@pytest.mark.parametrize("role", ["operator", "provider", "entrepreneur"])
def test_it_is_nobody_elses(
    world: World, sign_in: Callable[[Actor], Client], letter_case: int, role: str
) -> None:
    client = sign_in(getattr(world, role))
    for answer in (
        client.get(f"/kantoor/zaken/{letter_case}"),
        client.post(f"/kantoor/zaken/{letter_case}", PROPOSAL),
    ):
        assert answer.status_code == 403
