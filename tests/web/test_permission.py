"""What a page declares is held before the page runs; and nothing of who is signed in stays behind in a cache."""

from __future__ import annotations

from django.test import Client
from tests.web.conftest import StrictClient
from tests.world import World

from portefeuille.applications.operations.submit import start_draft


def test_what_a_page_does_not_declare_it_does_not_take(world: World, sign_in) -> None:
    client: Client = sign_in(world.operator)
    for answer in (client.post("/beheer"), client.delete("/beheer/betalingen"), client.put("/beheer")):
        assert answer.status_code == 405
    assert client.get("/beheer/betalingen/1/vrijgeven")["Allow"] == "POST"


def test_a_role_is_refused_before_the_page_runs(world: World, sign_in) -> None:
    """The form was never read: an unknown number gives the same answer."""
    client: Client = sign_in(world.entrepreneur)
    for number in (1, 10**9):
        answer = client.post(f"/beheer/uitzonderingen/{number}", {"wat": "overheid"})
        assert answer.status_code == 403
        assert "Dat mag je hier niet doen" in answer.content.decode()


class TestNothingStays:
    """On a shared computer, going back after signing out shows nothing."""

    def test_every_page_of_who_is_signed_in_even_a_public_one_or_a_refusal(
        self, world: World, sign_in
    ) -> None:
        client: Client = sign_in(world.entrepreneur)
        for path, status in (("/mijn-dossier", 200), ("/", 200), ("/beheer", 403), ("/nergens", 404)):
            answer = client.get(path)
            assert (answer.status_code, answer["Cache-Control"]) == (status, "no-store"), path
        assert client.post("/afmelden")["Cache-Control"] == "no-store"

    def test_what_was_typed_waits_when_the_forms_proof_is_old(self, world: World, sign_in) -> None:
        client = StrictClient(enforce_csrf_checks=True)
        client.cookies = sign_in(world.entrepreneur).cookies
        number = start_draft(actor=world.entrepreneur, at=world.now)
        for path, onward in (
            (f"/aanvraag/{number}/wat", f"/aanvraag/{number}/wat"),
            ("/mijn-onderneming", "/bevestig/verder"),
        ):
            answer = client.post(path, {"name": "Een lang verhaal"}, headers={"Origin": "http://testserver"})
            assert answer.status_code == 403
            assert f'href="{onward}"' in answer.content.decode()
            assert "Een lang verhaal" in client.get(onward).content.decode()

    def test_what_another_site_sent_is_not_kept(self, world: World, sign_in) -> None:
        """Or it would fill in our forms."""
        client = StrictClient(enforce_csrf_checks=True)
        client.cookies = sign_in(world.entrepreneur).cookies
        number = start_draft(actor=world.entrepreneur, at=world.now)
        for headers in ({"Origin": "https://elders.example"}, {"Origin": "null"}, {}):
            answer = client.post(f"/aanvraag/{number}/wat", {"name": "Niet van ons"}, headers=headers)
            assert answer.status_code == 403
            assert "Ga verder met wat je typte" not in answer.content.decode()
            assert "Niet van ons" not in client.get(f"/aanvraag/{number}/wat").content.decode()

    def test_a_form_that_came_without_its_proof(self, world: World, sign_in) -> None:
        client = Client(enforce_csrf_checks=True)
        client.cookies = sign_in(world.entrepreneur).cookies
        answer = client.post("/aanvraag/nieuw")
        assert (answer.status_code, answer["Cache-Control"]) == (403, "no-store")

    def test_pages_for_anybody_may_be_kept_by_who_is_nobody(self, visitor: Client) -> None:
        assert not visitor.get("/").has_header("Cache-Control")
