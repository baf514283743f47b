"""What to say of a breach of one of the European rules that providers meet; the others speak their official English.

BT and BG numbers are the norm's own names of fields; invoicing programs show them, so they stand in the texts.
"""

from __future__ import annotations

import re

_ADD = "Vul dit in je programma aan en maak de factuur opnieuw."
_SUMS = "Reken de bedragen na; bij afrondingen telt de som van de afgeronde bedragen."
_NO_VAT_NUMBER = (
    "Heb je een btw-nummer, zet het dan in BT-31. Geef je alleen opleiding die vrij is van btw (artikel 44) en heb je "
    "geen btw-nummer, dan hoef je er geen te vragen: zet je ondernemingsnummer in BT-32 (het belastingnummer van de "
    "verkoper: PartyTaxScheme met TaxScheme “TAX”)."
)
_E = "vrijgestelde"
_O = "niet aan btw onderworpen"

TEXTS: dict[str, str] = {
    # What every invoice holds.
    "BR-01": "De factuur zegt niet welke norm ze volgt (BT-24, CustomizationID). Kies in je programma voor Peppol "
    "BIS 3.",
    "BR-02": f"Het nummer van de factuur ontbreekt (BT-1). {_ADD}",
    "BR-03": f"De datum van de factuur ontbreekt (BT-2). {_ADD}",
    "BR-04": "Het soort factuur ontbreekt (BT-3). Zet 380 voor een factuur, 381 voor een creditnota.",
    "BR-05": "De munt van de factuur ontbreekt (BT-5). Zet EUR.",
    "BR-06": f"De naam van de verkoper ontbreekt (BT-27). {_ADD}",
    "BR-07": f"De naam van de koper ontbreekt (BT-44). {_ADD}",
    "BR-08": f"Het adres van de verkoper ontbreekt (BG-5). {_ADD}",
    "BR-09": "Het land in het adres van de verkoper ontbreekt (BT-40). Zet BE voor België.",
    "BR-10": f"Het adres van de koper ontbreekt (BG-8). {_ADD}",
    "BR-11": "Het land in het adres van de koper ontbreekt (BT-55). Zet BE voor België.",
    "BR-12": f"De som van de lijnen ontbreekt (BT-106). {_ADD}",
    "BR-13": f"Het totaal zonder btw ontbreekt (BT-109). {_ADD}",
    "BR-14": f"Het totaal met btw ontbreekt (BT-112). {_ADD}",
    "BR-15": f"Het te betalen bedrag ontbreekt (BT-115). {_ADD}",
    "BR-16": "De factuur heeft geen enkele lijn (BG-25). Zet de opleiding of het advies op een lijn.",
    # Lines.
    "BR-21": f"Een lijn heeft geen nummer (BT-126). {_ADD}",
    "BR-22": "Een lijn heeft geen hoeveelheid (BT-129). Zet 1 als je een vaste prijs rekent.",
    "BR-23": "De hoeveelheid van een lijn heeft geen eenheid (BT-130). Zet C62 voor een stuk of HUR voor een uur.",
    "BR-24": f"Een lijn heeft geen bedrag (BT-131). {_ADD}",
    "BR-25": "Een lijn zegt niet waarvoor ze is (BT-153). Zet er de naam van de opleiding of het advies.",
    "BR-26": f"Een lijn heeft geen prijs (BT-146). {_ADD}",
    "BR-27": "De prijs van een lijn is lager dan nul (BT-146). Zet bij een vermindering de hoeveelheid op min, niet de "
    "prijs.",
    "BR-28": "De brutoprijs van een lijn is lager dan nul (BT-148). Een prijs is nul of meer.",
    "BR-29": "De periode van de factuur eindigt voor ze begint (BT-73, BT-74). Wissel de datums om.",
    "BR-30": "De periode van een lijn eindigt voor ze begint (BT-134, BT-135). Wissel de datums om.",
    # Allowances and charges.
    "BR-31": f"Een korting heeft geen bedrag (BT-92). {_ADD}",
    "BR-32": "Een korting zegt niet onder welke btw ze valt (BT-95). Zet dezelfde code als bij de lijnen, "
    "bijvoorbeeld S.",
    "BR-33": "Een korting zegt niet waarom (BT-97 of BT-98). Zet een reden in woorden of als code.",
    "BR-36": f"Een toeslag heeft geen bedrag (BT-99). {_ADD}",
    "BR-37": "Een toeslag zegt niet onder welke btw ze valt (BT-102). Zet dezelfde code als bij de lijnen, "
    "bijvoorbeeld S.",
    "BR-38": "Een toeslag zegt niet waarom (BT-104 of BT-105). Zet een reden in woorden of als code.",
    # VAT breakdown and payment.
    "BR-45": f"In het overzicht van de btw ontbreekt het bedrag waarop btw komt (BT-116). {_ADD}",
    "BR-46": f"In het overzicht van de btw ontbreekt het bedrag van de btw (BT-117). {_ADD}",
    "BR-47": "In het overzicht van de btw ontbreekt de code (BT-118). Zet S bij btw, E bij een vrijstelling.",
    "BR-48": "In het overzicht van de btw ontbreekt het tarief (BT-119). Zet bijvoorbeeld 21, en 0 bij een "
    "vrijstelling.",
    "BR-49": "Bij de betaling ontbreekt de wijze (BT-81). Zet 30 voor een overschrijving.",
    "BR-50": "Bij de overschrijving ontbreekt het rekeningnummer (BT-84). Zet je IBAN.",
    "BR-52": f"Een bijlage heeft geen nummer of naam (BT-122). {_ADD}",
    "BR-53": "De factuur noemt een tweede munt voor de btw (BT-6), maar niet hoeveel btw dat is (BT-111). Laat BT-6 "
    "weg als alles in euro is.",
    "BR-55": "De verwijzing naar een vorige factuur heeft geen nummer (BT-25). Zet het nummer van de factuur die je "
    "verbetert.",
    "BR-61": "De factuur vraagt een overschrijving, maar noemt geen rekening (BT-84). Zet je IBAN.",
    "BR-62": "Het elektronische adres van de verkoper zegt niet van welke soort het is (BT-34). Zet 0208 bij een "
    "ondernemingsnummer.",
    "BR-63": "Het elektronische adres van de koper zegt niet van welke soort het is (BT-49). Zet 0208 bij een "
    "ondernemingsnummer.",
    # Sums and agreement.
    "BR-CO-03": "De factuur noemt zowel een datum als een code voor het btw-tijdstip (BT-7, BT-8). Laat er een weg.",
    "BR-CO-04": "Een lijn zegt niet onder welke btw ze valt (BT-151). Zet S bij btw, E bij een vrijstelling.",
    "BR-CO-09": "Een btw-nummer begint niet met de code van zijn land (BT-31, BT-48, BT-63). Een Belgisch nummer "
    "begint met BE. Heeft de verkoper geen btw-nummer, zet het ondernemingsnummer dan in BT-32, niet in BT-31.",
    "BR-CO-10": f"De som van de lijnen (BT-106) is niet wat de lijnen samen geven (BT-131). {_SUMS}",
    "BR-CO-11": f"Het totaal van de kortingen (BT-107) is niet wat de kortingen samen geven. {_SUMS}",
    "BR-CO-12": f"Het totaal van de toeslagen (BT-108) is niet wat de toeslagen samen geven. {_SUMS}",
    "BR-CO-13": "Het totaal zonder btw (BT-109) is niet de som van de lijnen min kortingen plus toeslagen. "
    f"{_SUMS}",
    "BR-CO-14": f"Het totaal van de btw (BT-110) is niet wat de tarieven samen geven (BT-117). {_SUMS}",
    "BR-CO-15": f"Het totaal met btw (BT-112) is niet het totaal zonder btw plus de btw. {_SUMS}",
    "BR-CO-16": "Het te betalen bedrag (BT-115) is niet het totaal met btw min wat al betaald is (BT-113). Zet het "
    "deel dat de portefeuille betaalt in BT-113, en alleen de rest als te betalen.",
    "BR-CO-17": "Een bedrag aan btw (BT-117) is niet het bedrag (BT-116) maal het tarief (BT-119), afgerond op de "
    "cent. Reken de btw per tarief over het hele bedrag, niet per lijn.",
    "BR-CO-18": "De factuur heeft geen overzicht van de btw (BG-23). Ook zonder btw hoort er een te zijn.",
    "BR-CO-19": "De periode van de factuur heeft geen begin en geen einde (BT-73, BT-74). Vul een van beide in, of "
    "laat de periode weg.",
    "BR-CO-20": "De periode van een lijn heeft geen begin en geen einde (BT-134, BT-135). Vul een van beide in, of "
    "laat de periode weg.",
    "BR-CO-26": "De koper kan de verkoper niet herkennen: er is geen ondernemingsnummer (BT-30), btw-nummer (BT-31) of "
    "ander nummer (BT-29). Zet minstens je ondernemingsnummer.",
    "UBL-DT-01": "Een bedrag heeft meer dan twee cijfers na de komma. Rond af op de cent.",
    # VAT: standard rate.
    "BR-S-01": "Een lijn heeft btw (code S), maar in het overzicht van de btw staat die code niet (BT-118). Zet elk "
    "tarief in het overzicht.",
    "BR-S-02": "De factuur rekent btw (code S), maar noemt geen btw-nummer van de verkoper (BT-31). Zet het erbij. "
    "Zonder btw-nummer mag je geen btw rekenen.",
    "BR-S-05": "Een lijn heeft code S maar een tarief van 0 %. Zet het tarief, of kies E (vrijstelling) als er geen "
    "btw op komt.",
    "BR-S-08": "In het overzicht van de btw klopt het bedrag van een tarief niet met de lijnen van dat tarief "
    f"(BT-116). {_SUMS}",
    "BR-S-09": "In het overzicht van de btw is de btw niet het bedrag maal het tarief (BT-117). Reken ze na.",
    "BR-S-10": "Bij een tarief met btw (code S) staat een reden van vrijstelling (BT-120, BT-121). Laat die weg, of "
    "kies code E.",
    # VAT: exempt, as article 44 makes recognised trainers.
    "BR-E-01": f"Een lijn is vrij van btw (code E), maar het overzicht heeft niet precies één {_E} groep (BG-23). Zet "
    "alles wat vrij is samen.",
    "BR-E-02": f"De factuur is vrij van btw (code E), maar noemt geen nummer van de verkoper voor de belasting."
    f" {_NO_VAT_NUMBER}",
    "BR-E-03": f"Een korting is vrij van btw (code E), maar er is geen nummer van de verkoper voor de belasting."
    f" {_NO_VAT_NUMBER}",
    "BR-E-04": f"Een toeslag is vrij van btw (code E), maar er is geen nummer van de verkoper voor de belasting."
    f" {_NO_VAT_NUMBER}",
    "BR-E-05": "Een lijn is vrij van btw (code E), maar heeft een tarief dat niet 0 is (BT-152). Zet 0, of kies "
    "code S.",
    "BR-E-08": f"Het {_E} bedrag in het overzicht (BT-116) is niet wat de {_E} lijnen samen geven. {_SUMS}",
    "BR-E-09": "Bij een vrijstelling (code E) staat er toch btw (BT-117). Zet 0.",
    "BR-E-10": "Bij een vrijstelling (code E) ontbreekt de reden (BT-120 of BT-121). Zet bijvoorbeeld “Vrijgesteld van "
    "btw, artikel 44 WBTW”, met code VATEX-EU-132-1I.",
    # VAT: outside its scope.
    "BR-O-01": f"Een lijn is {_O} (code O), maar in het overzicht van de btw staat dat niet (BG-23). Zet het erbij.",
    "BR-O-02": f"De factuur is {_O} (code O) en noemt toch een btw-nummer van verkoper of koper (BT-31, BT-48). Laat "
    "die nummers weg. Voor opleiding onder artikel 44 past code E beter: daarbij mogen ze blijven staan.",
    "BR-O-05": f"Een lijn is {_O} (code O), maar noemt een tarief (BT-152). Laat het tarief weg.",
    "BR-O-08": f"Het bedrag dat {_O} is (BT-116) is niet wat die lijnen samen geven. {_SUMS}",
    "BR-O-09": f"Een bedrag is {_O} (code O) en toch staat er btw (BT-117). Zet 0.",
    "BR-O-10": f"Een bedrag is {_O} (code O), maar de reden ontbreekt (BT-120 of BT-121). Zet code VATEX-EU-O.",
    "BR-O-11": f"De factuur is {_O} (code O) en heeft nog een andere soort btw. Maak er twee facturen van, of kies "
    "code E in plaats van O.",
    "BR-O-12": f"De factuur is {_O} (code O), maar een lijn heeft een andere code (BT-151). Maak er twee facturen van, "
    "of kies code E in plaats van O.",
    # Reverse charge, for a provider abroad.
    "BR-AE-02": "De btw is verlegd (code AE), maar het btw-nummer van verkoper of koper ontbreekt (BT-31, BT-48). Zet "
    "beide.",
    "BR-AE-10": "Bij verlegde btw (code AE) ontbreekt de reden (BT-120 of BT-121). Zet “Btw verlegd”, met code "
    "VATEX-EU-AE.",
    # Codes.
    "BR-CL-01": "Het soort factuur bestaat niet (BT-3). Zet 380 voor een factuur, 381 voor een creditnota.",
    "BR-CL-03": "De munt van een bedrag bestaat niet. Zet EUR.",
    "BR-CL-04": "De munt van de factuur bestaat niet (BT-5). Zet EUR.",
    "BR-CL-14": "De code van een land bestaat niet. Gebruik twee hoofdletters, zoals BE of NL.",
    "BR-CL-16": "De wijze van betaling bestaat niet (BT-81). Zet 30 voor een overschrijving, 58 voor SEPA.",
    "BR-CL-17": "De code van de btw bestaat niet (BT-118). Zet S bij btw, E bij een vrijstelling.",
    "BR-CL-18": "De code van de btw op een lijn bestaat niet (BT-151). Zet S bij btw, E bij een vrijstelling.",
    "BR-CL-22": "De code van de vrijstelling bestaat niet (BT-121). Voor opleiding onder artikel 44 is het "
    "VATEX-EU-132-1I.",
    "BR-CL-23": "De eenheid van een hoeveelheid bestaat niet (BT-130). Zet C62 voor een stuk, HUR voor een uur, DAY "
    "voor een dag.",
    "BR-CL-25": "De soort van een elektronisch adres bestaat niet (BT-34, BT-49). Zet 0208 bij een "
    "ondernemingsnummer.",
}

_UNKNOWN_FIELD = (
    "De factuur heeft een veld dat de Europese norm niet kent; wie ze ontvangt, slaat het over. Je hoeft niets te "
    "doen. De officiële tekst: {english}"
)
_OFFICIAL = "Officiële tekst, alleen in het Engels: {english}"


def said(rule: str, english: str) -> str:
    """Our sentence for a rule, or its official one, marked as such and without its name."""
    plain = re.sub(r"^\s*\[[^\]]*\]\s*-?\s*", "", english)
    if rule in TEXTS:
        return TEXTS[rule]
    return (_UNKNOWN_FIELD if rule.startswith("UBL-CR-") else _OFFICIAL).format(english=plain)
