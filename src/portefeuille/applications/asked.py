"""What an enterprise asks for, typed; the same for a live preview (anything may still be missing) and a submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portefeuille.core.errors import Invalid
from portefeuille.core.money import Money
from portefeuille.core.rules.terms import Choice, Form, Service, Theme, Tie
from portefeuille.core.rules.words import nearest_share

LONGEST_NAME = 200
LONGEST_SUPPORT = 1000
MOST_PEOPLE = 50
LARGEST_AMOUNT = Money(10**11)  # what the facts of a decision hold
VAT_BASIS_POINTS = (2100, 1200, 600, 0)

_Gap = tuple[str, str, bool]  # field, sentence, whether it is so


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who takes part, and the tie to the enterprise (``TIES``)."""

    name: str
    tie: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An application's content. ``vat_basis_points`` is 2100 for 21 %, and None with ``vat_exempt``."""

    service: str = ""
    nace_version: str = ""
    nace_code: str = ""
    name: str = ""
    theme: str = ""
    form: str = ""
    support: str = ""
    agreement_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    amount: Money | None = None
    vat_basis_points: int | None = None
    vat_exempt: bool = False
    recognition_number: str = ""
    provider: int | None = None
    people: tuple[Person, ...] = ()
    declared: bool = False

    @property
    def vat(self) -> Money:
        """What is owed to the provider directly; nothing when it is exempt or not known yet."""
        return vat_on(self.amount or Money.ZERO, self.vat_basis_points)

    def must_be_complete(self) -> None:
        """Raise Invalid, with the field, for the first thing that a submission can't do without."""
        for field, sentence in self.gaps():
            raise Invalid(sentence, field=field)

    def gaps(self) -> list[tuple[str, str]]:
        """What a submission can't do without and what it can't hold, as fields and sentences, in the form's order."""
        found = [
            *self._gaps_of_content(),
            *self._gaps_of_people(),
            *self._gaps_of_days(),
            *self._gaps_of_price(),
        ]
        return [(field, sentence) for field, sentence, is_wrong in found if is_wrong]

    def _gaps_of_content(self) -> list[_Gap]:
        return [
            (
                "service",
                "Kies of je een opleiding of een advies aanvraagt.",
                not knows(Service, self.service),
            ),
            ("nace", "Kies de activiteit van je onderneming waarvoor je dit volgt.", not self.nace_code),
            ("name", "Vul de naam in van de opleiding of het advies.", not self.name.strip()),
            ("name", _too_long("De naam", LONGEST_NAME), len(self.name) > LONGEST_NAME),
            ("theme", "Kies een thema.", not knows(Theme, self.theme)),
            (
                "form",
                "Kies hoe de opleiding gegeven wordt.",
                self.service == "training" and not knows(Form, self.form),
            ),
            (
                "support",
                "Schrijf in één of twee zinnen hoe dit je activiteit helpt.",
                not self.support.strip(),
            ),
            ("support", _too_long("Je uitleg", LONGEST_SUPPORT), len(self.support) > LONGEST_SUPPORT),
        ]

    def _gaps_of_people(self) -> list[_Gap]:
        names = [person.name.strip() for person in self.people]
        return [
            ("people", "Vul in wie de opleiding volgt of voor wie het advies is.", not names),
            (
                "people",
                "Vul van elke persoon de naam en de band met je onderneming in.",
                not all(names) or not all(knows(Tie, person.tie) for person in self.people),
            ),
            ("people", _too_long("Een naam", LONGEST_NAME), any(len(name) > LONGEST_NAME for name in names)),
            (
                "people",
                f"Er passen hoogstens {MOST_PEOPLE} mensen in één aanvraag.",
                len(names) > MOST_PEOPLE,
            ),
            ("people", "Een advies is voor één persoon.", self.service != "training" and len(names) > 1),
        ]

    def _gaps_of_days(self) -> list[_Gap]:
        is_backwards = (
            self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on
        )
        return [
            ("agreement_on", "Vul de datum van de overeenkomst of inschrijving in.", not self.agreement_on),
            ("starts_on", "Vul in wanneer het start.", not self.starts_on),
            ("ends_on", "Vul in wanneer het eindigt.", not self.ends_on),
            ("ends_on", "Het einde ligt voor de start. Kijk beide datums na.", is_backwards),
        ]

    def _gaps_of_price(self) -> list[_Gap]:
        return [
            ("amount", "Vul het bedrag zonder btw in.", self.amount is None),
            (
                "amount",
                f"Vul een bedrag in tussen € 0,01 en € {LARGEST_AMOUNT.belgian}.",
                self.amount is not None and not Money.ZERO < self.amount <= LARGEST_AMOUNT,
            ),
            (
                "vat",
                "Kies het btw-tarief, of kies dat de dienstverlener geen btw aanrekent.",
                self.vat_basis_points not in VAT_BASIS_POINTS and not self.vat_exempt,
            ),
            (
                "provider",
                "Kies je dienstverlener: tik het erkenningsnummer of de naam.",
                self.provider is None,
            ),
            ("declared", "Vink aan dat je deze aanvraag naar waarheid invulde.", not self.declared),
        ]


def vat_on(amount: Money, basis_points: int | None) -> Money:
    """The VAT on an amount excluding it; nothing when the provider is exempt (no rate), or the rate not known yet."""
    return Money(nearest_share(amount.cents, basis_points or 0))


def knows(kind: type[Choice], word: str) -> bool:
    """Whether the word is one of the choices of that kind, as facts and forms write them."""
    return word == word.lower() and word.upper() in kind.__members__


def _too_long(what: str, most: int) -> str:
    return f"{what} is te lang: schrijf hoogstens {most} tekens."
