"""Somebody who wants to be linked, and what the letter to the seat says."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from pypdf import PdfReader
from tests.world import ENTERPRISE, World

from portefeuille.identity.models import Capacity, Person
from portefeuille.identity.roles import Actor, Assurance, Role
from portefeuille.messages.models import Message
from portefeuille.post import operations as post
from portefeuille.register import live
from portefeuille.register.queries import Address

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}(?:-[0-9A-Z]{4})?\b")

Newcomer = Callable[..., Actor]


class FakeLookup:
    """A live look-up that says what a test wants, or does not answer."""

    answer: Address | None = None
    is_down = False
    asked: list[str]

    def seat_of(self, number: str) -> Address | None:
        """What was put in."""
        type(self).asked.append(number)
        if self.is_down:
            raise live.LookupUnavailable("De opzoeking antwoordt niet.")
        return self.answer


@pytest.fixture
def lookup(monkeypatch: pytest.MonkeyPatch) -> type[FakeLookup]:
    """The fake in the place of the real one."""
    cache.clear()
    monkeypatch.setattr(FakeLookup, "asked", [], raising=False)
    monkeypatch.setattr(FakeLookup, "answer", None)
    monkeypatch.setattr(FakeLookup, "is_down", False)
    monkeypatch.setattr(live, "seat_of", FakeLookup().seat_of)
    return FakeLookup


def newcomer(handle: str = "nora", *, confirmed: bool = True) -> Actor:
    """Somebody who signed in and acts for nobody yet."""
    row, _ = Person.objects.get_or_create(
        handle=handle,
        defaults={
            "name": handle.title(),
            "email": f"{handle}@test.example" if confirmed else "",
            "email_confirmed_at": NOW if confirmed else None,
        },
    )
    return Actor(
        role=Role.NEWCOMER, person_id=row.pk, name=row.name, assurance=Assurance.SUBSTANTIAL, proved_at=NOW
    )


@pytest.fixture
def nora(world: World) -> Actor:
    """A newcomer with a confirmed mail address."""
    return newcomer()


@pytest.fixture
def boss(world: World) -> Actor:
    """The administrator of the world's enterprise."""
    actor = administrator("boss")
    assert actor.enterprise == ENTERPRISE
    return actor


def administrator(handle: str, enterprise: str = ENTERPRISE, provider: int | None = None) -> Actor:
    """Somebody who decides who acts for an enterprise or provider."""
    person = newcomer(handle)
    role = Role.ENTERPRISE_ADMIN if provider is None else Role.PROVIDER_ADMIN
    Capacity.objects.create(
        person_id=person.person_id,
        role=role,
        enterprise_number="" if provider else enterprise,
        provider_id=provider,
        given_at=NOW,
    )
    return Actor(
        role=role,
        person_id=person.person_id,
        name=person.name,
        enterprise="" if provider else enterprise,
        provider=provider,
        assurance=Assurance.SUBSTANTIAL,
    )


def letter_text() -> str:
    """What the newest letter on paper says."""
    [*_, newest] = post.waiting()
    reader = PdfReader(io.BytesIO(post.pages(newest)))
    return "\n".join(page.extract_text() for page in reader.pages)


def letter_code() -> str:
    """The code in the newest letter on paper."""
    found = CODE.search(letter_text())
    assert found, letter_text()
    return found[0]


def mailed_code(kind: str) -> str:
    """The code in the newest mail of this kind."""
    found = CODE.search(Message.objects.filter(kind=kind).latest("id").text)
    assert found
    return found[0]


def another(code: str, signs: int = 12) -> str:
    """A code that is well-formed, and not this one."""
    from portefeuille.core import secret_codes

    bare = secret_codes.read(code, signs)
    first = "A" if bare[0] != "A" else "B"
    left = iter(first + bare[1:-1])
    return secret_codes.make(signs, lambda _all: next(left))
