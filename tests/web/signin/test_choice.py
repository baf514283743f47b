"""The page that lists the means, the first page after a sign-in, and sessions that rotate and end."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from tests.web.conftest import SignIn, StrictClient, capacity_of
from tests.web.signin.conftest import Clock
from tests.web.test_public import text_of
from tests.world import OTHER_ENTERPRISE, World

from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import Role


class TestChoice:
    def test_each_means_says_what_you_need(self, visitor: Client, settings: Any) -> None:
        settings.DEMO = False
        told = text_of(visitor.get("/aanmelden"))
        for words in (
            "Met je identiteitskaart Je hebt een kaartlezer nodig",
            "Via de Vlaamse overheid",
            "Met je codekaart",
            "Met een code uit een app",
            "1700",
        ):
            assert words in told
        assert "demo" not in told.lower()

    def test_a_demo_says_so_and_leads_with_its_own(self, visitor: Client) -> None:
        page = visitor.get("/aanmelden?volgende=/mijn-dossier")
        told = text_of(page)
        assert told.index("Dit is een demo Je hoeft hier niets te bewijzen") < told.index("kaartlezer")
        assert "/aanmelden/demo?volgende=%2Fmijn-dossier" in page.content.decode()

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "mijn-dossier"]
    )
    def test_it_leads_to_no_other_site(self, visitor: Client, elsewhere: str) -> None:
        assert "volgende" not in visitor.get("/aanmelden", {"volgende": elsewhere}).content.decode()

    def test_where_the_demo_is_not_it_can_not_be_entered(self, world: World, settings: Any) -> None:
        settings.DEMO = False
        with pytest.raises(AssertionError, match="not part of a real installation"):
            StrictClient().post("/aanmelden/demo", {"hoedanigheid": capacity_of(world.entrepreneur)})


class TestSessions:
    def test_the_key_changes_at_sign_in_at_proof_and_at_a_change_of_capacity(
        self, world: World, sign_in: SignIn
    ) -> None:
        world.enterprise(OTHER_ENTERPRISE, "Brouwerij Mout", "BE29999010000164")
        second = Capacity.objects.create(
            person_id=world.entrepreneur.person_id,
            role=Role.ENTREPRENEUR,
            enterprise_number=OTHER_ENTERPRISE,
        )
        client = StrictClient()
        client.get("/aanmelden?volgende=/mijn-dossier")
        keys = [client.cookies["sessionid"].value]

        def key_after(path: str, **sent: Any) -> None:
            client.post(path, sent)
            keys.append(client.cookies["sessionid"].value)

        key_after("/aanmelden/demo", hoedanigheid=capacity_of(world.entrepreneur))
        client.get("/bevestig?volgende=/mijn-dossier")
        key_after("/bevestig/demo")
        key_after("/wissel", hoedanigheid=second.pk)
        assert len(set(keys)) == 4
        assert list(Session.objects.values_list("pk", flat=True)) == keys[-1:]

    @pytest.mark.parametrize(("minutes", "is_over"), [(29, False), (31, True)])
    def test_half_an_hour_without_a_request_ends_it(
        self, world: World, clock: Clock, sign_in: SignIn, minutes: int, is_over: bool
    ) -> None:
        client = sign_in(world.entrepreneur)
        clock.pass_(minutes=minutes)
        assert (client.get("/mijn-dossier").status_code == 302) is is_over
        if is_over:
            assert "Voor je veiligheid hebben we je afgemeld" in text_of(client.get("/aanmelden"))

    def test_eight_hours_end_it_however_busy_one_is(
        self, world: World, clock: Clock, sign_in: SignIn
    ) -> None:
        client = sign_in(world.entrepreneur)
        for _quarter in range(31):
            clock.pass_(minutes=15)
            assert client.get("/mijn-dossier").status_code == 200
        clock.pass_(minutes=15)
        assert client.get("/mijn-dossier").status_code == 302

    def test_proving_again_does_not_make_it_last_longer(
        self, world: World, clock: Clock, sign_in: SignIn
    ) -> None:
        client = sign_in(world.entrepreneur)
        for _quarter in range(31):
            clock.pass_(minutes=15)
            client.get("/bevestig?volgende=/mijn-dossier")
            assert client.post("/bevestig/demo")["Location"] == "/mijn-dossier"
        clock.pass_(minutes=15)
        assert client.get("/mijn-dossier").status_code == 302

    def test_signing_out_ends_it_for_a_copy_of_the_cookie_too(self, world: World, sign_in: SignIn) -> None:
        client = sign_in(world.entrepreneur)
        copy = StrictClient()
        copy.cookies["sessionid"] = client.cookies["sessionid"].value
        assert copy.get("/mijn-dossier").status_code == 200
        client.post("/afmelden")
        assert copy.get("/mijn-dossier").status_code == 302

    def test_nothing_of_the_session_before_stays(self, world: World, sign_in: SignIn) -> None:
        client = sign_in(world.entrepreneur)
        client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(world.operator)})
        assert client.get("/beheer").status_code == 200
        assert Session.objects.count() == 1


class TestWithoutACapacity:
    def test_who_lost_the_last_one_registers(self, world: World, sign_in: SignIn) -> None:
        client = sign_in(world.entrepreneur)
        Capacity.objects.filter(person_id=world.entrepreneur.person_id).delete()
        assert client.get("/mijn-dossier")["Location"] == "/registreren"
        assert "Afmelden" in text_of(client.get("/"))

    def test_who_has_others_chooses_among_them(self, world: World, sign_in: SignIn) -> None:
        client = sign_in(world.entrepreneur)
        held = Capacity.objects.get(pk=capacity_of(world.entrepreneur))
        Capacity.objects.create(person_id=held.person_id, role=Role.AUDITOR)
        held.delete()
        assert client.get("/mijn-dossier")["Location"] == "/wissel"
        assert "Auditor" in text_of(client.get("/wissel"))
