"""A finding on an invoice, and what to say of a file that is none, or is not built as the UBL schema says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to say of an invoice: by which rule, how bad, and a sentence for the person who made it."""

    rule: str
    severity: Severity
    text: str

    def as_dict(self) -> dict[str, str]:
        """JSON."""
        return {"rule": self.rule, "severity": self.severity, "text": self.text}


_UBL = "Kies de factuur als UBL-bestand (Peppol BIS 3), zoals je boekhoudprogramma ze maakt."
_AGAIN = "Laat je programma de factuur opnieuw maken. Helpt dat niet, meld het dan aan de maker ervan."
_UNSAFE = "Zulke bestanden openen we niet, want ze kunnen iets anders doen dan ze tonen."

TEXTS: dict[str, str] = {
    "empty_file": f"Het bestand is leeg. {_UBL}",
    "too_large": "Het bestand is groter dan {most} MB. Haal grote bijlagen eruit en maak de factuur opnieuw.",
    "is_pdf": f"Dit is een PDF. Daarin kunnen we niets nakijken. {_UBL}",
    "is_zip": f"Dit is een zip-bestand of een document in zip-vorm. Pak het eerst uit. {_UBL}",
    "is_gzip": f"Dit is een gecomprimeerd bestand. Pak het eerst uit. {_UBL}",
    "is_archive": f"Dit is een gecomprimeerd bestand. Pak het eerst uit. {_UBL}",
    "is_image": f"Dit is een afbeelding. Daarin kunnen we niets nakijken. {_UBL}",
    "is_office": f"Dit is een document van een tekstverwerker of rekenblad. {_UBL}",
    "is_program": f"Dit is een programma, geen factuur. {_UNSAFE} {_UBL}",
    "is_html": f"Dit is een webpagina, geen factuur. {_UBL}",
    "is_json": f"Dit is een JSON-bestand, geen factuur in UBL. {_UBL}",
    "is_mt940": f"Dit is een rekeninguittreksel (MT940), geen factuur. {_UBL}",
    "is_utf16": f"Dit bestand is bewaard in UTF-16 of UTF-32. Een factuur is in UTF-8. {_AGAIN}",
    "is_bank_file": f"Dit is een bestand van of voor een bank ({{what}}), geen factuur. {_UBL}",
    "is_cii": "Dit is een factuur in een andere Europese vorm (CII, zoals in Factur-X en ZUGFeRD). Die kunnen we nog "
    f"niet nakijken. {_UBL}",
    "two_kinds": f"Dit bestand is tegelijk XML en PDF. {_UNSAFE} {_UBL}",
    "has_nul": f"In dit bestand staan nul-tekens. Die horen in geen enkele factuur. {_UNSAFE} {_AGAIN}",
    "binary": f"In dit bestand staan tekens die in geen XML horen. {_UNSAFE} {_AGAIN}",
    "has_dtd": "Dit bestand heeft een DOCTYPE, en daarmee kan een bestand andere bestanden opvragen of eindeloos "
    f"groeien. {_UNSAFE} Een factuur in UBL heeft er geen. {_AGAIN}",
    "too_deep": f"De onderdelen van dit bestand zitten dieper in elkaar dan {{most}} niveaus. {_UNSAFE} {_AGAIN}",
    "too_many_elements": "Dit bestand telt meer dan {most} onderdelen. Zo'n lange factuur kunnen we niet nakijken. "
    "Verdeel ze over meer facturen.",
    "too_many_lines": "Een onderdeel van dit bestand telt meer dan {most} regels. Zo'n lange factuur kunnen we niet "
    "nakijken. Verdeel ze over meer facturen.",
    "too_many_vat_groups": "Deze factuur heeft meer dan {most} groepen in het overzicht van de btw. Een factuur heeft "
    f"er enkele: een per tarief. {_AGAIN}",
    "wrong_encoding": f"Dit bestand zegt dat het in {{encoding}} bewaard is. Een factuur is in UTF-8. {_AGAIN}",
    "not_utf8": f"Op regel {{place}} staat een teken dat geen UTF-8 is. {_AGAIN}",
    "not_xml": f"Dit is geen XML-bestand, en een factuur in UBL is dat wel. {_UBL}",
    "broken_xml": f"Het bestand is geen geldige XML, vanaf regel {{place}}. Waarschijnlijk is het onvolledig. {_AGAIN}",
    "wrong_namespace": "Het bestand heet een factuur, maar niet in UBL 2.1: de naamruimte is “{namespace}”. "
    f"{_UBL}",
    "other_ubl": f"Dit is een document in UBL, maar geen factuur of creditnota: het is een {{root}}. {_UBL}",
    "other_xml": f"Dit is een XML-bestand, maar geen factuur: het begint met {{root}}. {_UBL}",
    # The schema.
    "schema_unexpected": "Op regel {line} staat {field} op een plaats waar dat veld niet hoort, of het is verkeerd "
    f"geschreven. In UBL ligt de volgorde vast; hier kan: {{expected}}. {_AGAIN}",
    "schema_missing": f"In {{field}} (regel {{line}}) ontbreekt iets: {{expected}}. {_AGAIN}",
    "schema_value": "Op regel {line} staat in {field} een waarde van de verkeerde soort: “{value}”. Schrijf een bedrag "
    f"als 1210.00 en een datum als 2026-11-20. {_AGAIN}",
    "schema_attribute": f"Bij {{field}} (regel {{line}}) ontbreekt het kenmerk {{expected}}. {_AGAIN}",
    "schema_other": f"Regel {{line}}: {{field}} is niet gebouwd zoals het UBL-schema zegt ({{value}}). {_AGAIN}",
    "schema_more": "Er zijn nog {count} afwijkingen van het UBL-schema. Verbeter eerst de andere.",
    # Rules that could not run.
    "rules_skipped": "De Europese rekenregels zijn niet nagekeken, omdat er waarden van de verkeerde soort in staan. "
    "Verbeter die eerst.",
    "rules_failed": "De regels van {which} konden niet tot het einde nagekeken worden. Daarom geldt de factuur nog "
    f"niet als in orde. {_AGAIN}",
}


def problem(code: str, shown: Mapping[str, str] | None = None, *, severity: Severity = "error") -> Finding:
    """The finding for a code; its rule says which of our own looks found it (``FILE-HAS-DTD``, ``UBL-XSD``)."""
    rule = "UBL-XSD" if code.startswith("schema_") else code.upper().replace("_", "-")
    if not code.startswith(("schema_", "rules_")):
        rule = f"FILE-{rule}"
    return Finding(rule, severity, TEXTS[code].format(**(shown or {})))
