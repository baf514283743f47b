"""Who looked at and who did what in an enterprise's file, as its own people read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.activation.people import administrator
from tests.web.conftest import SignIn
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

import portefeuille
from portefeuille.cases.models import Case
from portefeuille.cases.operations import take
from portefeuille.history.models import Look
from portefeuille.history.operations import record
from portefeuille.identity.models import Mandate
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import Actor, Role
from portefeuille.web.registration.seen import STAFF_WORDS
from portefeuille.web.ui.words import DEED_WORDS, LOOK_WORDS

PAGE = "/mijn-onderneming/inzage"
SOURCE = Path(portefeuille.__file__).parent


@pytest.fixture(autouse=True)
def _today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: world.now)


@pytest.fixture
def owner(world: World, sign_in: SignIn) -> Client:
    return sign_in(world.entrepreneur)


@pytest.fixture
def accountant(world: World, sign_in: SignIn) -> Client:
    """Els of De Cijferhoek, in her own office, with a mandate of the enterprise."""
    world.enterprise(OTHER_ENTERPRISE, "De Cijferhoek", "BE29999010000164")
    Mandate.objects.create(
        enterprise_number=ENTERPRISE, office_number=OTHER_ENTERPRISE, given_at=world.now, given_by=1
    )
    return sign_in(administrator("els", OTHER_ENTERPRISE))


def act_for_client(client: Client) -> None:
    page = client.get("/klanten").content.decode()
    value = page.partition('name="hoedanigheid" value="')[2].partition('"')[0]
    assert value
    client.post("/wissel", {"hoedanigheid": value})


def told(client: Client, query: str = "") -> str:
    """What the table says, without the page around it."""
    return text_of(client.get(PAGE + query)).partition("Alles tot nu")[2].partition("Zie je iets")[0]


def test_what_ones_own_people_did_is_told_by_name(owner: Client, world: World) -> None:
    application = world.apply()
    lines = told(owner)
    number = world.view(application).project_number
    assert f"Aanvraag ingediend {number} Baas-1999100120 2 maart 2026, 10.00 uur" in lines
    assert f"Aanvraag goedgekeurd {number} volgens de regels 2 maart 2026" in lines
    assert f'href="/project/{application}"' in owner.get(PAGE).content.decode()


def test_a_look_of_ones_own_is_none(owner: Client, world: World) -> None:
    application = world.apply()
    for address in ("/mijn-dossier", f"/project/{application}", "/mijn-onderneming"):
        assert owner.get(address).status_code == 200
    assert not Look.objects.exists()
    assert "Bekeek" not in told(owner)


def test_staff_and_providers_are_told_by_what_they_are(owner: Client, world: World, sign_in: SignIn) -> None:
    application = world.apply()
    world.pass_days(1)
    owner = sign_in(world.entrepreneur)
    auditor = world.person("auditor-an", GivenCapacity(Role.AUDITOR))
    for actor, address in (
        (world.office, f"/kantoor/{application}"),
        (auditor, f"/kantoor/{application}"),
        (world.provider, f"/dienstverlener/{application}"),
    ):
        assert sign_in(actor).get(address).status_code == 200
    lines = told(owner)
    number = world.view(application).project_number
    for who in ("een dossierbehandelaar", "een auditor", "een dienstverlener"):
        assert f"Bekeek een aanvraag {number} {who} 3 maart 2026" in lines, who
    for name in ("Office", "Auditor-An", "Provider"):
        assert name not in lines
    assert lines.index("Bekeek") < lines.index("Aanvraag ingediend")  # the newest first


def test_what_the_office_does_with_a_case_names_the_project(world: World, sign_in: SignIn) -> None:
    brussels = world.enterprise(
        OTHER_ENTERPRISE, "Studio Brussel", "BE95999020000258", zipcode="1000", works_at="1800"
    )
    number = world.view(world.apply(actor=brussels)).project_number
    take(actor=world.office, case=Case.objects.get().pk, at=world.now)
    lines = told(sign_in(brussels))
    assert f"Zaak in behandeling genomen {number} een dossierbehandelaar 2 maart 2026" in lines


def test_one_page_is_one_look(owner: Client, world: World, sign_in: SignIn) -> None:
    application = world.apply()
    client = sign_in(world.office)
    for count in (1, 2):
        client.get(f"/kantoor/{application}")
        assert Look.objects.count() == count
    client.post(f"/kantoor/{application}", {"outcome": "approve"})  # its errors show the file once more
    assert Look.objects.count() == 3


def test_an_accountant_is_told_by_name_and_office(owner: Client, world: World, accountant: Client) -> None:
    application = world.apply()
    accountant.get("/klanten")
    assert "Bekeek wat er loopt, in de lijst van klanten Els (De Cijferhoek)" in told(owner)
    act_for_client(accountant)
    for address in (
        "/mijn-dossier",
        f"/project/{application}",
        f"/project/{application}/annuleren",
        "/mijn-onderneming",
    ):
        assert accountant.get(address).status_code == 200, address
    lines = told(owner)
    assert lines.count("Bekeek een aanvraag") == 2
    assert "Bekeek het overzicht van het dossier Els (De Cijferhoek)" in lines
    assert "Bekeek de gegevens van de onderneming Els (De Cijferhoek)" in lines
    accountant.post(f"/project/{application}/annuleren")
    assert f"Geannuleerd {world.view(application).project_number} Els (De Cijferhoek)" in told(owner)


def test_an_accountant_does_not_read_it(world: World, accountant: Client) -> None:
    act_for_client(accountant)
    assert accountant.get("/mijn-dossier").status_code == 200
    assert accountant.get(PAGE).status_code == 403


def test_a_stranger_who_wants_to_act_is_not_named(owner: Client, world: World) -> None:
    stranger = Actor(role=Role.NEWCOMER, person_id=world.operator.person_id)
    record(
        actor=stranger,
        verb="activation_code_wrong",
        subject="activation",
        subject_id=1,
        enterprise=ENTERPRISE,
        at=world.now,
    )
    lines = told(owner)
    assert "Verkeerde code uit de brief ingevuld iemand die wil optreden voor je onderneming" in lines
    assert "Operator" not in lines


def test_it_is_narrowed_to_looks_or_to_deeds(owner: Client, world: World, sign_in: SignIn) -> None:
    application = world.apply()
    sign_in(world.office).get(f"/kantoor/{application}")
    looks, deeds = told(owner, "?toon=gekeken"), told(owner, "?toon=gedaan")
    assert "Bekeek een aanvraag" in looks
    assert "Aanvraag ingediend" not in looks
    assert "Aanvraag ingediend" in deeds
    assert "Bekeek" not in deeds
    assert "Aanvraag ingediend" in told(owner, "?toon=onzin")


def test_it_is_linked_from_the_enterprises_page(owner: Client) -> None:
    assert f'href="{PAGE}"' in owner.get("/mijn-onderneming").content.decode()


def test_nothing_yet_and_nothing_of_another(owner: Client, world: World, sign_in: SignIn) -> None:
    other = world.enterprise(OTHER_ENTERPRISE, "Fietsatelier", "BE95999020000258")
    world.apply()
    assert "Nog niemand" in text_of(sign_in(other).get(PAGE))


def test_the_page_asks_the_database_the_same_however_much_happened(
    owner: Client, world: World, sign_in: SignIn
) -> None:
    office = sign_in(world.office)
    office.get(f"/kantoor/{world.apply('1000.00')}")
    owner.get(PAGE)
    with CaptureQueriesContext(connection) as few:
        owner.get(PAGE)
    for _more in range(3):
        office.get(f"/kantoor/{world.apply('1000.00')}")
    with CaptureQueriesContext(connection) as many:
        owner.get(PAGE)
    assert len(many) == len(few)


def test_only_so_much_is_shown_and_it_says_so(
    owner: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portefeuille.web.registration.seen.MOST", 2)
    for _each in range(3):
        world.apply("100.00")
    page = text_of(owner.get(PAGE))
    assert "De laatste 2 " in page
    assert page.count("KP2026-") == 2


@pytest.mark.parametrize("role", ["operator", "provider", "office"])
def test_it_is_nobody_elses(world: World, sign_in: SignIn, role: str) -> None:
    assert sign_in(getattr(world, role)).get(PAGE).status_code == 403


def verbs_of_the_source() -> Iterator[str]:
    """Every verb that an operation writes into the history: as ``verb=`` or to a function that hands it on."""
    for path in SOURCE.rglob("*.py"):
        if "operations" not in str(path) or path.parent.name == "history":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call):
                continue
            named = [word.value for word in node.keywords if word.arg == "verb"]
            handed = node.args if getattr(node.func, "id", "") in {"_record", "_tell"} else []
            for value in [*named, *handed]:
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.value


def test_every_deed_has_words() -> None:
    found = set(verbs_of_the_source())
    assert {"submit", "invite", "settle_address", "send_back_proposal"} <= found
    assert found - DEED_WORDS.keys() == set()


def test_every_look_has_words_and_every_stranger_a_name() -> None:
    pages = "\n".join(path.read_text() for path in (SOURCE / "web").rglob("*.py"))
    for subject in ("application", "dossier", "profile"):
        assert f'look(request, "{subject}"' in pages
        assert subject in LOOK_WORDS
    assert set(Role) - STAFF_WORDS.keys() == {Role.ENTREPRENEUR, Role.ENTERPRISE_ADMIN, Role.ACCOUNTANT}
