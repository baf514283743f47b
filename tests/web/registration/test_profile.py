"""The first sign-in's questions: nothing is applied for before they are answered, and nothing typed is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.activation.people import administrator
from tests.web.conftest import SignIn
from tests.web.test_public import BARE_PERCENTAGE, text_of
from tests.world import ENTERPRISE, World

from portefeuille.core.money import Money
from portefeuille.history.queries import events_of
from portefeuille.identity.models import EnterpriseProfile
from portefeuille.identity.queries import profile
from portefeuille.web.session import ASSURANCE

TYPED = {
    "iban": "BE29 9990 1000 0164",
    "email": "info@korst.example",
    "turnover_is_expected": "ja",
    "turnover": "480.000",
    "financial_year_starts": "1/7",
    "financial_year_ends": "30-06",
    "people": "4,5",
    "balance_total": "120.000",
    "aantal": "0",
}
GROUP = {
    "aantal": "1",
    "groep0-name": "Zusterfirma",
    "groep0-tie": "linked",
    "groep0-people": "60",
    "groep0-turnover": "1.000.000",
    "groep0-balance_total": "500.000",
}


@pytest.fixture
def fresh(world: World, sign_in: SignIn) -> Client:
    """The administrator of an enterprise that told nothing yet."""
    EnterpriseProfile.objects.all().delete()
    return sign_in(administrator("boss"))


def test_the_wizard_says_what_is_missing_and_leads_back(fresh: Client) -> None:
    answer = fresh.get("/aanvraag/nieuw")
    assert "Eerst nog de gegevens van je onderneming" in text_of(answer)
    assert "/mijn-onderneming?volgende=/aanvraag/nieuw" in answer.content.decode()
    assert "Begin een nieuwe aanvraag" not in text_of(answer)
    assert fresh.post("/aanvraag/nieuw").status_code == 400
    page = fresh.get("/mijn-onderneming?volgende=/aanvraag/nieuw")
    assert not BARE_PERCENTAGE.search(text_of(page))
    done = fresh.post(
        "/mijn-onderneming",
        {**TYPED, "voorstel": "small", "size": "small", "volgende": "/aanvraag/nieuw"},
    )
    assert done["Location"] == "/aanvraag/nieuw"
    assert "Begin een nieuwe aanvraag" in text_of(fresh.get("/aanvraag/nieuw"))


def test_a_draft_that_was_begun_is_kept_while_the_profile_is_filled_in(fresh: Client, world: World) -> None:
    fresh.post("/mijn-onderneming", {**TYPED, "voorstel": "small", "size": "small"})
    step = fresh.post("/aanvraag/nieuw")["Location"]
    fresh.post(step, {"name": "Leidinggeven"})
    EnterpriseProfile.objects.all().delete()
    answer = fresh.get(step)
    assert f"/mijn-onderneming?volgende={step}" in answer.content.decode()
    assert 'value="Leidinggeven"' in answer.content.decode()


def test_the_size_is_proposed_and_only_kept_when_confirmed(fresh: Client) -> None:
    told = text_of(fresh.post("/mijn-onderneming", TYPED))
    assert "Met deze cijfers is dit een kleine onderneming" in told
    assert "2003/361/EG" in told
    assert not EnterpriseProfile.objects.exists()
    fresh.post("/mijn-onderneming", {**TYPED, "voorstel": "small", "size": "small"})
    kept = profile(ENTERPRISE)
    assert (kept.iban, kept.turnover_is_expected, kept.people_hundredths) == ("BE29999010000164", True, 450)
    assert (kept.financial_year_starts, kept.financial_year_ends) == ("01-07", "30-06")
    assert events_of("enterprise", int(ENTERPRISE))[-1].facts == {"size": "small", "proposed": "small"}


def test_who_just_began_has_no_turnover_and_no_balance(fresh: Client) -> None:
    typed = {**TYPED, "turnover": "0", "balance_total": "0", "people": "1"}
    assert "kleine onderneming" in text_of(fresh.post("/mijn-onderneming", typed))
    fresh.post("/mijn-onderneming", {**typed, "voorstel": "small", "size": "small"})
    kept = profile(ENTERPRISE)
    assert (kept.turnover, kept.balance_total) == (Money.ZERO, Money.ZERO)


def test_the_group_counts_and_figures_that_changed_ask_again(fresh: Client) -> None:
    told = text_of(fresh.post("/mijn-onderneming", {**TYPED, **GROUP, "voorstel": "small", "size": "small"}))
    assert "Met deze cijfers is dit een middelgrote onderneming" in told
    assert not EnterpriseProfile.objects.exists()
    answer = fresh.post("/mijn-onderneming", {**TYPED, **GROUP, "voorstel": "medium", "size": "small"})
    assert "Schrijf waarom je iets anders kiest" in text_of(answer)
    told = {**TYPED, **GROUP, "voorstel": "medium", "size": "small", "size_reason": "Pas sinds dit jaar."}
    assert fresh.post("/mijn-onderneming", told).status_code == 302
    page = fresh.get("/mijn-onderneming").content.decode()
    assert 'value="Zusterfirma"' in page
    assert 'value="4,5"' in page


def test_one_more_enterprise_keeps_what_was_typed(fresh: Client) -> None:
    answer = fresh.post("/mijn-onderneming", {**TYPED, **GROUP, "nog_een": "1"})
    page = answer.content.decode()
    assert 'name="groep1-name"' in page
    assert 'value="Zusterfirma"' in page
    assert "Dit klopt nog niet" not in text_of(answer)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"iban": "BE00"}, "geen rekeningnummer"),
        ({"email": "info"}, "geen e-mailadres"),
        ({"turnover": "veel"}, "geen bedrag"),
        ({"turnover_is_expected": ""}, "Kies of dit de omzet van vorig boekjaar is"),
        ({"turnover": "-1"}, "€ 0,00 of meer"),
        ({"financial_year_starts": "juli"}, "geen dag en maand"),
        ({"financial_year_starts": "31-02"}, "Vul een dag en een maand in"),
        ({"people": "-1"}, "geen aantal"),
        ({"people": "²"}, "geen aantal"),
        ({"balance_total": ""}, "Vul je balanstotaal in"),
        ({**GROUP, "groep0-tie": "partner", "groep0-share": "60"}, "25 tot 50"),
        ({**GROUP, "groep0-people": ""}, "Vul in hoeveel mensen er werken"),
        ({**GROUP, "groep0-tie": "x"}, "Kijk de gegevens van de andere ondernemingen na"),
    ],
)
def test_what_cannot_be_is_explained_and_kept(fresh: Client, more: dict[str, str], words: str) -> None:
    answer = fresh.post("/mijn-onderneming", {**TYPED, "voorstel": "small", "size": "small", **more})
    assert answer.status_code == 200
    assert words in text_of(answer)
    assert not EnterpriseProfile.objects.exists()


@pytest.mark.parametrize("count", ["-1", "x", "999999", "²", ""])
def test_a_count_of_rows_that_cannot_be_is_none(fresh: Client, count: str) -> None:
    assert fresh.post("/mijn-onderneming", {**TYPED, "aantal": count}).status_code == 200


def test_another_account_takes_a_surer_sign_in(fresh: Client) -> None:
    fresh.post("/mijn-onderneming", {**TYPED, "voorstel": "small", "size": "small"})
    session = fresh.session
    session[ASSURANCE] = 2
    session.save()
    changed = {**TYPED, "voorstel": "small", "size": "small", "iban": "BE64999030000352"}
    assert fresh.post("/mijn-onderneming", changed)["Location"].startswith("/bevestig?")
    assert profile(ENTERPRISE).iban == "BE29999010000164"
    assert fresh.post("/mijn-onderneming", {**changed, "iban": TYPED["iban"]}).status_code == 302


def test_a_way_back_leads_nowhere_else(fresh: Client) -> None:
    told = {**TYPED, "voorstel": "small", "size": "small", "volgende": "https://elders.example/"}
    assert fresh.post("/mijn-onderneming", told)["Location"] == "/mijn-dossier"


def test_others_have_no_such_page(world: World, sign_in: SignIn) -> None:
    for actor in (world.operator, world.office, world.provider):
        assert sign_in(actor).get("/mijn-onderneming").status_code == 403
