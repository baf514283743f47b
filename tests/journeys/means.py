"""Means of sign-in at a browser: an identity card in its reader, a card of codes in the post, the government's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils import timezone
from tests.journeys.conftest import Site, Visitor
from tests.post.tray import waiting
from tests.signin.cards import Hierarchy, Holder
from tests.signin.nginx import Nginx
from tests.signin.people import codes_on, register
from tests.signin.provider import CLIENT_ID, Running
from tests.signin.provider import running as provider_running

from portefeuille.settings.base import OIDC_SCOPE
from portefeuille.signin import oidc
from portefeuille.signin.operations.write_card import write_waiting_cards

Visit = Callable[..., Visitor]
CARDS = Hierarchy()


def with_card(visit: Visit, nginx: Nginx, holder: Holder, *, refusals: tuple[int, ...] = ()) -> Visitor:
    """A browser with this card in its reader."""
    certificate, key = holder.write(nginx.folder, "in-the-reader")
    shown = {"origin": nginx.eid_address, "certPath": str(certificate), "keyPath": str(key)}
    return visit(
        at=Site(nginx.address), refusals=refusals, ignore_https_errors=True, client_certificates=[shown]
    )


def card_by_post() -> dict[int, str]:
    """The platform writes the card; it comes by post."""
    before = set(waiting())
    write_waiting_cards(register=register(), at=timezone.now())
    (letter,) = set(waiting()) - before
    return codes_on(letter)


@contextmanager
def government(
    folder: Path, *, people: dict[str, dict[str, Any]], site: Site, settings: Any
) -> Iterator[Running]:
    """The certified provider for these people, and this site as its client."""
    with provider_running(folder, people=people, our_address=site.url) as provider:
        settings.OIDC = {
            "issuer": provider.issuer,
            "client_id": CLIENT_ID,
            "key_file": str(provider.key_file),
            "rights_file": "",
            "scope": OIDC_SCOPE,
        }
        settings.PUBLIC_ADDRESS = site.url
        settings.SECURE_CSP = {
            **settings.SECURE_CSP,
            "form-action": [*settings.SECURE_CSP["form-action"], provider.issuer.removesuffix("/op")],
        }
        oidc.forget_provider()
        yield provider
