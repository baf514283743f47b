"""What an enterprise asks for, typed; the same for a live preview (anything may still be missing) and a submission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portefeuille.core.errors import Invalid
from portefeuille.core.money import Money


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

    def must_be_complete(self) -> None:
        """Raise Invalid, with the field, for the first thing that a submission can't do without."""
        for field, sentence, is_missing in self._gaps():
            if is_missing:
                raise Invalid(sentence, field=field)

    def _gaps(self) -> list[tuple[str, str, bool]]:
        training = self.service == "training"
        ends_early = None not in (self.starts_on, self.ends_on) and self.ends_on < self.starts_on  # type: ignore[operator]
        return [
            ("service", "Kies of je een opleiding of een advies aanvraagt.", not self.service),
            ("nace", "Kies de activiteit van je onderneming waarvoor je dit volgt.", not self.nace_code),
            ("name", "Vul de naam in van de opleiding of het advies.", not self.name.strip()),
            ("theme", "Kies een thema.", not self.theme),
            ("form", "Kies hoe de opleiding gegeven wordt.", training and not self.form),
            ("people", "Vul in wie de opleiding volgt of voor wie het advies is.", not self.people),
            (
                "people",
                "Vul van elke persoon de naam en de band met je onderneming in.",
                any(not person.name.strip() or not person.tie for person in self.people),
            ),
            ("people", "Een advies is voor één persoon.", not training and len(self.people) > 1),
            ("agreement_on", "Vul de datum van de overeenkomst of inschrijving in.", not self.agreement_on),
            ("starts_on", "Vul in wanneer het start.", not self.starts_on),
            ("ends_on", "Vul in wanneer het eindigt.", not self.ends_on),
            ("ends_on", "Het einde ligt voor de start. Kijk beide datums na.", ends_early),
            ("amount", "Vul het bedrag zonder btw in.", self.amount is None),
            (
                "vat",
                "Kies het btw-tarief, of kies dat de dienstverlener geen btw aanrekent.",
                self.vat_basis_points is None and not self.vat_exempt,
            ),
            (
                "support",
                "Schrijf in één of twee zinnen hoe dit je activiteit helpt.",
                not self.support.strip(),
            ),
            (
                "provider",
                "Kies je dienstverlener: tik het erkenningsnummer of de naam.",
                self.provider is None,
            ),
            ("declared", "Vink aan dat je deze aanvraag naar waarheid invulde.", not self.declared),
        ]
