"""What to say of a statement file that is wrong: what, why, and what to do. One text for each code."""

from __future__ import annotations

_ASK = "Vraag je bank het bestand opnieuw."
_WHOLE = "Haal het bestand opnieuw op: waarschijnlijk is het onvolledig of aangepast."

TEXTS: dict[str, str] = {
    "empty_file": "Het bestand is leeg. " + _ASK,
    "is_pdf": "Dit is een PDF. Vraag je bank hetzelfde uittreksel als CODA-bestand.",
    "is_zip": "Dit is een zip-bestand. Pak het eerst uit en kies dan het CODA-bestand.",
    "is_gzip": "Dit is een gecomprimeerd bestand. Pak het eerst uit en kies dan het CODA-bestand.",
    "is_camt053": "Dit is een uittreksel in XML (camt.053), geen CODA. Vraag je bank hetzelfde uittreksel als CODA.",
    "is_pain001": "Dit is een betaalbestand voor de bank (pain.001), geen uittreksel. Kies een CODA-bestand.",
    "is_pain002": "Dit is een antwoord van de bank op een betaalbestand (pain.002), geen uittreksel. Kies een "
    "CODA-bestand.",
    "is_ubl": "Dit is een elektronische factuur (UBL), geen uittreksel. Kies een CODA-bestand.",
    "is_html": "Dit is een webpagina, geen uittreksel. Haal het CODA-bestand opnieuw op bij je bank.",
    "is_xml": "Dit is een XML-bestand, geen CODA. Vraag je bank het uittreksel als CODA-bestand.",
    "is_utf16": "Dit bestand is bewaard in UTF-16, en zo geeft geen bank een CODA-bestand. Kies het bestand zoals je "
    "bank het gaf.",
    "is_mt940": "Dit is een MT940-bestand, geen CODA. Vraag je bank hetzelfde uittreksel als CODA-bestand.",
    "binary": "In dit bestand staan tekens die in geen CODA-bestand horen. Kies het bestand zoals je bank het gaf.",
    "not_coda": "Dit is geen CODA-bestand: de eerste regel begint niet met een 0. Kies een ander bestand.",
    "too_long": "Deze regel telt {width} tekens in plaats van 128. " + _WHOLE,
    "blank_line": "Deze regel is leeg. Ze telt niet mee.",
    "unknown_record": "Een regel kan niet met {kind!r} beginnen. " + _WHOLE,
    "unknown_part": "Record {kind} heeft geen deel {part!r}. " + _WHOLE,
    "out_of_order": "Na record {last} kan geen record {kind} komen (wel {expected}). " + _WHOLE,
    "no_header": "Hier hoort eerst een record 0 (begin van een uittreksel). " + _WHOLE,
    "no_trailer": "Dit uittreksel heeft geen einde (record 9). " + _WHOLE,
    "wrong_version": "Dit is CODA versie {version}; alleen versie 2 kan gelezen worden. Vraag je bank versie 2.",
    "duplicate": "De bank merkte dit bestand als een kopie. Wat al geboekt is, wordt niet nog eens geboekt.",
    "unknown_structure": "Het rekeningnummer heeft een onbekende vorm ({structure}). " + _ASK,
    "bad_iban": "Het rekeningnummer {account} heeft een fout controlegetal.",
    "other_account": "Het eindsaldo is van rekening {account}, het begin van {expected}. " + _ASK,
    "separate_application": (
        "Dit bestand geeft alleen details bij een ander uittreksel, geen eigen bewegingen. Laad het hoofdbestand in."
    ),
    "not_a_number": "Voor {what} staat hier {text!r}: dat is geen getal. " + _WHOLE,
    "bad_amount": "{text!r} is geen bedrag. Er wordt niets geboekt. " + _WHOLE,
    "bad_sign": "Het teken van een bedrag is 0 (bij) of 1 (af), niet {sign!r}. " + _WHOLE,
    "third_decimal": "Het bedrag {text} heeft een derde cijfer na de komma. Een bedrag in euro heeft er twee. "
    + _ASK,
    "bad_date": "{text} is geen bestaande dag. " + _WHOLE,
    "detail_without_total": "Dit detail hoort bij beweging {sequence}, maar die staat er niet voor. "
    + _WHOLE,
    "continues_nothing": "Deze regel vervolgt beweging {sequence}, maar die staat er niet voor. " + _WHOLE,
    "wrong_count": "Het bestand zegt dat er {told} records zijn; er staan er {counted}. " + _WHOLE,
    "wrong_debits": "Het bestand zegt dat er € {told} af ging; de bewegingen geven € {counted}. " + _WHOLE,
    "wrong_credits": "Het bestand zegt dat er € {told} bij kwam; de bewegingen geven € {counted}. " + _WHOLE,
    "does_not_add_up": (
        "Beginsaldo € {opening} en bewegingen € {moved} geven € {should}, niet het eindsaldo € {closing}. "
        + _ASK
    ),
    "no_new_balance": "Dit uittreksel heeft geen eindsaldo (record 8). " + _WHOLE,
    "no_new_balance_empty": "Dit lege uittreksel heeft geen eindsaldo. Het beginsaldo geldt.",
    "no_closing_date": "Het uittreksel zegt niet van welke dag het eindsaldo is. " + _ASK,
    "another_follows": "Het bestand zegt dat er nog een volgt. Laad dat ook in.",
}
