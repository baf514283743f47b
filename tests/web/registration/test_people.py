"""An administrator's pages: people, invitations, mandates; and what others may not."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.activation.people import administrator, another, mailed_code, newcomer
from tests.web.conftest import SignIn, capacity_of
from tests.web.registration.conftest import enter
from tests.web.test_public import text_of
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.models import Invitation
from portefeuille.identity.models import Capacity, Mandate, Person
from portefeuille.identity.queries import SignedIn, actor_of
from portefeuille.identity.roles import Assurance

WIM = {"name": "Wim", "email": "wim@b.example"}


def invited(boss: Client) -> Invitation:
    assert boss.post("/mensen/uitnodigen", WIM)["Location"] == "/mensen"
    return Invitation.objects.latest("id")


def test_the_list_says_who_since_when_and_on_what_ground(boss: Client) -> None:
    told = text_of(boss.get("/mensen"))
    for words in ("Boss (jij)", "Beheerder van de onderneming", "Baas-1999100120", "Nodig een collega uit"):
        assert words in told, words


def test_only_administrators_have_the_page(world: World, sign_in: SignIn) -> None:
    for actor in (world.entrepreneur, world.provider, world.operator, world.office):
        client = sign_in(actor)
        for path in ("/mensen", "/mensen/uitnodigen", "/mensen/mandaat", "/mensen/1/beeindigen"):
            assert client.get(path).status_code == 403, (actor.role, path)
        assert 'href="/mensen"' not in client.get("/hulp").content.decode()


class TestInvite:
    def test_the_invited_person_comes_in_by_the_link(self, boss: Client) -> None:
        link = f"/uitnodiging/{invited(boss).reference}"
        assert "Wim" in text_of(boss.get("/mensen"))
        wim = enter(newcomer("wim"))
        code = mailed_code("invitation")
        told = text_of(wim.get(f"{link}?code={code}"))
        assert "Boss nodigt je uit" in told
        assert f'value="{code}"' in wim.get(f"{link}?code={code}").content.decode()
        assert "Je kunt het nog 4 keer" in text_of(wim.post(link, {"code": another(code)}))
        assert wim.post(link, {"code": code})["Location"] == "/mijn-dossier"
        assert "Bakkerij Korst" in text_of(wim.get("/mijn-dossier"))
        assert "al aangenomen" in text_of(wim.get(link))

    def test_it_asks_to_sign_in_first(self, visitor: Client) -> None:
        assert "/aanmelden?volgende=%2Fuitnodiging" in visitor.get("/uitnodiging/abc?code=x")["Location"]

    def test_a_reference_of_nobody_is_not_found(self, nora: Client) -> None:
        assert nora.get("/uitnodiging/abc").status_code == 404

    def test_it_can_be_taken_back(self, boss: Client) -> None:
        row = invited(boss)
        assert boss.get(f"/mensen/uitnodiging/{row.pk}/intrekken").status_code == 405
        boss.post(f"/mensen/uitnodiging/{row.pk}/intrekken")
        assert "al aangenomen of ingetrokken" in text_of(
            enter(newcomer("wim")).get(f"/uitnodiging/{row.reference}")
        )

    def test_what_is_incomplete_is_explained_and_kept(self, boss: Client) -> None:
        answer = boss.post("/mensen/uitnodigen", {"name": "Wim", "email": "wim"})
        assert "geen e-mailadres" in text_of(answer)
        assert 'value="Wim"' in answer.content.decode()


class TestCapacities:
    def test_promote_and_end(self, boss: Client, world: World) -> None:
        number = capacity_of(world.entrepreneur)
        assert "beheerder maken" in text_of(boss.get(f"/mensen/{number}/beheerder"))
        assert boss.post(f"/mensen/{number}/beheerder")["Location"] == "/mensen"
        assert Capacity.objects.get(pk=number).role == "enterprise_admin"
        assert "vanaf de volgende klik" in text_of(boss.get(f"/mensen/{number}/beeindigen"))
        assert boss.post(f"/mensen/{number}/beeindigen")["Location"] == "/mensen"

    def test_who_was_ended_is_out_at_the_next_click(
        self, boss: Client, world: World, sign_in: SignIn
    ) -> None:
        entrepreneur = sign_in(world.entrepreneur)
        assert entrepreneur.get("/mijn-dossier").status_code == 200
        boss.post(f"/mensen/{capacity_of(world.entrepreneur)}/beeindigen")
        assert entrepreneur.get("/mijn-dossier")["Location"] == "/registreren"
        assert "niet meer optreden" in text_of(entrepreneur.get("/registreren"))

    def test_the_last_administrator_is_warned_first(self, boss: Client) -> None:
        number = Capacity.objects.get(role="enterprise_admin").pk
        assert "Er blijft geen beheerder over" in text_of(boss.get(f"/mensen/{number}/beeindigen"))
        assert "Er blijft geen beheerder over" in text_of(boss.post(f"/mensen/{number}/beeindigen"))
        assert Capacity.objects.get(pk=number).ended_at is None
        assert boss.post(f"/mensen/{number}/beeindigen", {"niemand": "on"})["Location"] == "/registreren"
        assert Capacity.objects.get(pk=number).ended_at is not None

    def test_people_of_another_enterprise_are_not_found(
        self, boss: Client, world: World, sign_in: SignIn
    ) -> None:
        stranger = sign_in(administrator("stranger", OTHER_ENTERPRISE))
        number = capacity_of(world.entrepreneur)
        for verb in ("beheerder", "beeindigen"):
            assert stranger.get(f"/mensen/{number}/{verb}").status_code == 404
            assert stranger.post(f"/mensen/{number}/{verb}").status_code == 404
        assert Capacity.objects.get(pk=number).ended_at is None

    def test_a_providers_administrator_has_the_same_page(self, world: World, sign_in: SignIn) -> None:
        head = sign_in(administrator("head", provider=world.provider_id))
        told = text_of(head.get("/mensen"))
        assert "Provider" in told
        assert "mandaat" not in told
        assert head.get("/mensen/mandaat").status_code == 403
        head.post(f"/mensen/{capacity_of(world.provider)}/beeindigen")
        assert Capacity.objects.get(pk__gt=0, person_id=world.provider.person_id).ended_at is not None


class TestMandate:
    @pytest.fixture
    def office(self, world: World, sign_in: SignIn) -> Client:
        world.enterprise(OTHER_ENTERPRISE, "De Cijferhoek", "BE29999010000164")
        return sign_in(administrator("els", OTHER_ENTERPRISE))

    def test_it_shows_the_office_and_asks_to_confirm(self, boss: Client, office: Client) -> None:
        told = text_of(boss.get("/mensen/mandaat", {"nummer": "be 1999.100.219"}))
        assert "De Cijferhoek" in told
        assert not Mandate.objects.exists()
        assert boss.post("/mensen/mandaat", {"nummer": OTHER_ENTERPRISE})["Location"] == "/mensen"
        assert "De Cijferhoek" in text_of(boss.get("/mensen"))

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("12", "geen ondernemingsnummer"),
            (ENTERPRISE, "eigen onderneming"),
            ("1999100417", "staat niet in"),
        ],
    )
    def test_what_cannot_be_is_explained(self, boss: Client, typed: str, words: str) -> None:
        assert words in text_of(boss.post("/mensen/mandaat", {"nummer": typed}))

    def test_the_office_acts_and_the_header_says_for_whom(self, boss: Client, office: Client) -> None:
        boss.post("/mensen/mandaat", {"nummer": OTHER_ENTERPRISE})
        capacity = Capacity.objects.get(
            person_id=Person.objects.get(handle="els").pk, enterprise_number=OTHER_ENTERPRISE
        )
        mandate = Mandate.objects.get().pk
        value = f"{capacity.pk}:{mandate}"
        assert "Klant van De Cijferhoek" in text_of(office.get("/wissel"))
        assert office.post("/wissel", {"hoedanigheid": value})["Location"] == "/mijn-dossier"
        told = text_of(office.get("/mijn-dossier"))
        assert "Je handelt voor Bakkerij Korst , door De Cijferhoek" in told
        assert "Terug naar mijn kantoor" in told
        assert "Alleen de onderneming zelf kan dit wijzigen" in text_of(office.get("/mijn-onderneming"))
        assert office.get("/mensen").status_code == 403
        assert office.get("/klanten").status_code == 200  # without going back first
        back = {"hoedanigheid": capacity.pk, "volgende": "/klanten"}
        assert office.post("/wissel", back)["Location"] == "/klanten"

    def test_revoked_it_is_refused_at_the_next_click(self, boss: Client, office: Client) -> None:
        boss.post("/mensen/mandaat", {"nummer": OTHER_ENTERPRISE})
        mandate = Mandate.objects.get().pk
        capacity = Capacity.objects.get(
            person_id=Person.objects.get(handle="els").pk, enterprise_number=OTHER_ENTERPRISE
        )
        office.post("/wissel", {"hoedanigheid": f"{capacity.pk}:{mandate}"})
        asked = text_of(boss.get(f"/mensen/mandaat/{mandate}/beeindigen"))
        assert "De Cijferhoek kan dan niets meer doen voor Bakkerij Korst, vanaf de volgende klik" in asked
        assert "Je handelt voor" not in asked, "the office that is named is not the office that acts"
        boss.post(f"/mensen/mandaat/{mandate}/beeindigen")
        assert office.get("/mijn-dossier")["Location"] == "/wissel"
        assert office.post("/wissel", {"hoedanigheid": f"{capacity.pk}:{mandate}"}).status_code == 403

    def test_a_mandate_of_others_is_not_theirs_to_use_or_end(
        self, boss: Client, office: Client, world: World, sign_in: SignIn
    ) -> None:
        boss.post("/mensen/mandaat", {"nummer": OTHER_ENTERPRISE})
        mandate = Mandate.objects.get().pk
        stranger_actor = administrator("stranger", "1999100318")
        stranger = sign_in(stranger_actor)
        own = capacity_of(stranger_actor)
        els = Capacity.objects.get(person_id=Person.objects.get(handle="els").pk).pk
        for value in (f"{own}:{mandate}", f"{els}:{mandate}", f"{own}:", f"{own}:x", f":{mandate}", "::"):
            answer = stranger.post("/wissel", {"hoedanigheid": value})
            assert answer.status_code == 403 or value == f"{own}:", value
        assert stranger.post(f"/mensen/mandaat/{mandate}/beeindigen").status_code == 404
        assert Mandate.objects.get().ended_at is None

    def test_the_office_gives_it_back(self, boss: Client, office: Client) -> None:
        boss.post("/mensen/mandaat", {"nummer": OTHER_ENTERPRISE})
        mandate = Mandate.objects.get().pk
        assert "Geef het mandaat terug" in text_of(office.get("/klanten"))
        assert office.post(f"/mensen/mandaat/{mandate}/beeindigen")["Location"] == "/klanten"
        assert "Nog geen klanten" in text_of(office.get("/klanten"))

    def test_the_history_says_for_whom_by_whom_and_from_which_office(
        self, boss: Client, office: Client, world: World
    ) -> None:
        boss.post("/mensen/mandaat", {"nummer": OTHER_ENTERPRISE})
        els = Person.objects.get(handle="els")
        capacity = Capacity.objects.get(person_id=els.pk)
        actor = actor_of(
            SignedIn(els.pk, capacity.pk, mandate=Mandate.objects.get().pk, assurance=Assurance.SUBSTANTIAL)
        )
        assert actor is not None
        application = world.apply(actor=actor)
        told = "namens Bakkerij Korst, door Els (De Cijferhoek)"
        assert told in text_of(boss.get(f"/project/{application}"))
        own = world.apply()
        assert "namens" not in text_of(boss.get(f"/project/{own}"))
