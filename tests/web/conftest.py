"""Pages: a client that is somebody, and pages that are strict about their HTML."""

from __future__ import annotations

from collections.abc import Callable

import html5lib
import pytest
from django.http import HttpResponse
from django.template import RequestContext
from django.test import Client
from django.test.utils import ContextList
from tests.world import World

from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import Actor

SignIn = Callable[[Actor], Client]


def capacity_of(actor: Actor) -> int:
    """The capacity in which an actor of the test world acts."""
    return Capacity.objects.get(
        person_id=actor.person_id,
        role=actor.role,
        enterprise_number=actor.enterprise,
        provider_id=actor.provider,
    ).pk


class StrictClient(Client):
    """Every page that it gets must be well-formed, and fit for a strict content policy."""

    def request(self, **request):  # type: ignore[no-untyped-def]
        """Get it, and read it strictly."""
        response = super().request(**request)
        if response.get("Content-Type", "").startswith("text/html") and response.content:
            check_names(response)
            check_page(response.content.decode(), is_fragment=bool(request.get("HTTP_X_FRAGMENT")))
        return response


def check_names(response: HttpResponse) -> None:
    """What a view tells its page takes no name from what every page knows: its header would say something untrue."""
    rendered = getattr(response, "context", None)
    first = rendered[0] if isinstance(rendered, ContextList) else rendered
    if isinstance(first, RequestContext):
        place = first._processors_index
        of_every_page, *told = first.dicts[place:]
        assert of_every_page, "the layer of every page is empty: this check sees nothing"
        taken = set(of_every_page) & {name for layer in told for name in layer}
        assert not taken, f"{first.request.path} tells in its own way what every page tells: {taken}"


def check_page(text: str, *, is_fragment: bool = False) -> None:
    """Well-formed by the standard, and nothing inline that the policy would refuse."""
    parser = html5lib.HTMLParser(strict=True)
    tree = parser.parseFragment(text) if is_fragment else parser.parse(text)
    for element in tree.iter():
        assert not element.get("style"), element.tag
        assert not [name for name in element.attrib if str(name).startswith("on")], element.attrib
        if str(element.tag).endswith("script"):
            assert element.get("src"), "a script without an address"


@pytest.fixture
def visitor(db: None) -> Client:
    """Somebody who is not signed in."""
    return StrictClient()


@pytest.fixture
def sign_in(world: World) -> SignIn:
    """Sign an actor of the world in, by the demo's own page."""

    def enter(actor: Actor) -> Client:
        client = StrictClient()
        answer = client.post("/aanmelden/demo", {"hoedanigheid": capacity_of(actor)})
        assert answer.status_code == 302, answer.content
        return client

    return enter
