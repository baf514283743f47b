"""The port to the national register of persons: where somebody lives, as the government knows it.

An installation names its own in ``PERSON_REGISTER``. Nobody's answer is ever guessed: when the register is down, what
depends on it waits.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class RegisterDown(Exception):
    """The register gives no answer now. That says nothing about the person."""


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """Somebody in the register; ``address`` (street, town) is empty when none is known there."""

    name: str
    address: tuple[str, ...] = ()


class PersonRegister(Protocol):
    """What the platform asks of the register."""

    def find(self, national_number: str) -> RegisteredPerson | None:
        """The person with this number; None when nobody has it. Raises RegisterDown."""


class NotConnected:
    """An installation without a contract with the register."""

    def find(self, national_number: str) -> RegisteredPerson | None:
        """Never an answer."""
        raise RegisterDown("this installation is not connected to the national register")


@dataclass
class FakeRegister:
    """A register of made-up people, for the demo and for tests."""

    people: dict[str, RegisteredPerson] = field(default_factory=dict)
    is_down: bool = False

    def find(self, national_number: str) -> RegisteredPerson | None:
        """Whom it was told of."""
        if self.is_down:
            raise RegisterDown("the made-up register is down")
        return self.people.get(national_number)


DEMO_NUMBER = "85073000160"
DEMO_PEOPLE = FakeRegister(
    {DEMO_NUMBER: RegisteredPerson("Noor Demolder", ("Voorbeeldstraat 12", "9000 Gent"))}
)


def person_register() -> PersonRegister:
    """The one that this installation names."""
    found: PersonRegister = import_string(settings.PERSON_REGISTER)
    return found() if isinstance(found, type) else found
