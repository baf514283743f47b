"""What to say of a breach of one of Peppol's rules: what is wrong, why it matters, and what to do."""

from __future__ import annotations

TEXTS: dict[str, str] = {
    "PEPPOL-EN16931-R001": "De factuur zegt niet voor welk proces ze dient (BT-23, ProfileID). Zonder dat neemt het "
    "Peppol-netwerk ze niet mee. Zet er urn:fdc:peppol.eu:2017:poacc:billing:01:1.0.",
    "PEPPOL-EN16931-R002": "De factuur heeft {count} vrije teksten (BT-22, Note); Peppol staat er één toe. Zet alles "
    "in één tekst.",
    "PEPPOL-EN16931-R003": "De factuur noemt geen referentie van de koper (BT-10) en geen bestelbon (BT-13). Peppol "
    "vraagt er minstens één, zodat de koper weet waarvoor ze is. Zet het projectnummer in BT-10 (BuyerReference).",
    "PEPPOL-EN16931-R004": "De factuur zegt niet dat ze Peppol BIS Billing 3.0 volgt: in BT-24 (CustomizationID) staat "
    "“{said}”. Kies in je programma voor Peppol BIS 3.",
    "PEPPOL-EN16931-R005": "De munt voor de btw (BT-6) is dezelfde als die van de factuur ({currency}). Laat BT-6 weg: "
    "je hebt ze alleen nodig voor een andere munt.",
    "PEPPOL-EN16931-R007": "Het proces (BT-23, ProfileID) heeft een verkeerde vorm: “{said}”. Zet er "
    "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0.",
    "PEPPOL-EN16931-R008": "Het veld {field} op regel {line} van het bestand is leeg. Peppol weigert lege velden. Vul "
    "het in of laat het weg.",
    "PEPPOL-EN16931-R010": "Het Peppol-adres van de koper ontbreekt (BT-49, EndpointID). Zonder adres komt de factuur "
    "niet aan. Voor een Belgische klant is dat 0208 met het ondernemingsnummer.",
    "PEPPOL-EN16931-R020": "Het Peppol-adres van de verkoper ontbreekt (BT-34, EndpointID). Voor jou is dat 0208 met "
    "je ondernemingsnummer.",
    "PEPPOL-EN16931-R040": "Een korting of toeslag klopt niet: {percent} % van {base} is niet {amount}. Reken het "
    "bedrag na.",
    "PEPPOL-EN16931-R041": "Bij een korting of toeslag van {percent} % staat niet waarvan dat een percentage is. Zet "
    "het basisbedrag erbij (BaseAmount), of laat het percentage weg.",
    "PEPPOL-EN16931-R042": "Bij een korting of toeslag op {base} staat geen percentage. Zet het erbij, of laat het "
    "basisbedrag weg.",
    "PEPPOL-EN16931-R043": "Bij een korting of toeslag staat “{said}” waar “true” (toeslag) of “false” (korting) hoort "
    "(ChargeIndicator). Anders weet niemand of het bedrag erbij of eraf gaat.",
    "PEPPOL-EN16931-R044": "Lijn {line} heeft een toeslag op de eenheidsprijs. Bij een prijs mag alleen een korting "
    "staan. Zet de toeslag op de lijn zelf.",
    "PEPPOL-EN16931-R046": "De nettoprijs van lijn {line} klopt niet: {gross} min {off} is niet {net}. Reken de prijs "
    "na.",
    "PEPPOL-EN16931-R051": "Het bedrag {field} staat in {other}, en de factuur is in {currency}. Alle bedragen staan "
    "in dezelfde munt; alleen het totaal van de btw mag er ook in een andere bij.",
    "PEPPOL-EN16931-R053": "De factuur heeft {count} overzichten van de btw (TaxTotal met TaxSubtotal); er hoort er "
    "precies één te zijn. Zet alle tarieven in één overzicht.",
    "PEPPOL-EN16931-R054": "De factuur heeft {count} totalen van de btw zonder tarieven; verwacht: {expected}. Zo'n "
    "totaal hoort er alleen als de btw ook in een andere munt staat (BT-6).",
    "PEPPOL-EN16931-R055": "De btw is {own} in de ene munt en {other} in de andere: het ene is plus, het andere min. "
    "Zet bij beide hetzelfde teken.",
    "PEPPOL-EN16931-R061": "De factuur vraagt een domiciliëring (code {code}) maar noemt geen mandaat (BT-89). Zet het "
    "nummer van het mandaat erbij, of vraag een overschrijving (code 30).",
    "PEPPOL-EN16931-R080": "De creditnota noemt {count} projecten (verwijzing met code 50); er mag er één zijn. Maak "
    "per project een creditnota.",
    "PEPPOL-EN16931-R100": "Lijn {line} noemt meer dan één voorwerp (DocumentReference). Er mag er één per lijn zijn.",
    "PEPPOL-EN16931-R101": "Lijn {line} verwijst naar een document met een verkeerde code. Op een lijn mag dat alleen "
    "code 130 zijn. Zet andere verwijzingen bij de factuur zelf.",
    "PEPPOL-EN16931-R110": "Lijn {line} begint op {said}, voor de periode van de factuur ({limit}). Pas een van beide "
    "aan.",
    "PEPPOL-EN16931-R111": "Lijn {line} eindigt op {said}, na de periode van de factuur ({limit}). Pas een van beide "
    "aan.",
    "PEPPOL-EN16931-R120": "Lijn {line} klopt niet: {quantity} × {price}, met {extra} aan toeslagen min kortingen, "
    "geeft niet {net}. Reken de lijn na.",
    "PEPPOL-EN16931-R121": "Bij de prijs van lijn {line} staat als hoeveelheid {said}. Die moet groter zijn dan nul: "
    "meestal is het 1.",
    "PEPPOL-EN16931-R130": "De prijs van lijn {line} is per {base}, de hoeveelheid in {quantity}. Gebruik dezelfde "
    "eenheid.",
    "PEPPOL-EN16931-P0100": "Factuurtype {kind} mag niet in een gewone factuur (BT-3). Een factuur is 380; voor een "
    "creditnota dient een ander bestand (CreditNote, 381).",
    "PEPPOL-EN16931-P0101": "Type {kind} mag niet in een creditnota (BT-3). Een creditnota is 381.",
    "PEPPOL-EN16931-F001": "De datum in {field} is “{said}”. Schrijf een datum als jaar-maand-dag, zoals 2026-11-20, "
    "zonder tijdzone.",
    "PEPPOL-EN16931-CL001": "De bijlage is van een soort die Peppol niet vervoert ({kind}). Voeg ze toe als PDF, PNG, "
    "JPEG, CSV of rekenblad.",
    "PEPPOL-COMMON-R043": "{number} ({field}) is geen Belgisch ondernemingsnummer: het telt tien cijfers zonder "
    "punten, en de laatste twee zijn een controle. Kijk het na in de Kruispuntbank.",
}

UBL_BE = (
    "Deze factuur is in het oude Belgische formaat UBL.BE (e-FFF), dat Peppol sinds 2026 vervangt: in BT-24 staat "
    "“{said}”. Kies in je programma voor Peppol BIS 3 en maak de factuur opnieuw. Peppols andere regels zijn niet "
    "nagekeken."
)
EUROPEAN = (
    "Deze factuur volgt de Europese norm, maar zegt niet dat ze Peppol BIS 3 volgt: in BT-24 staat “{said}”. Dat mag "
    "alleen als koper en verkoper het afspraken. Peppols eigen regels zijn niet nagekeken."
)
