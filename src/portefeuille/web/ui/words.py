"""The Dutch words for what the code names: states, verdicts, themes, ties, forms."""

from __future__ import annotations

from portefeuille.core.lifecycle import State

STATE_WORDS: dict[State, str] = {
    State.DRAFT: "Nog niet ingediend",
    State.SUBMITTED: "Wordt bekeken",
    State.APPROVED: "Goedgekeurd: stort je eigen deel",
    State.PARTLY_FUNDED: "Gedeeltelijk gestort",
    State.FUNDED: "Klaar om te betalen",
    State.PARTLY_PAID: "Gedeeltelijk betaald",
    State.PAID: "Betaald",
    State.CLOSED: "Afgerond",
    State.REFUSED: "Geweigerd",
    State.LAPSED: "Vervallen",
    State.CANCELLED: "Geannuleerd",
}

STATE_TONES: dict[State, str] = {
    State.DRAFT: "plain",
    State.SUBMITTED: "plain",
    State.APPROVED: "warn",
    State.PARTLY_FUNDED: "warn",
    State.FUNDED: "warn",
    State.PARTLY_PAID: "warn",
    State.PAID: "good",
    State.CLOSED: "good",
    State.REFUSED: "bad",
    State.LAPSED: "bad",
    State.CANCELLED: "bad",
}

VERDICT_WORDS = {
    "met": "in orde",
    "not met": "niet in orde",
    "unknown": "nog niet bekend",
    "still to prove": "later te bewijzen",
}

SERVICES = {"training": "Opleiding", "advice": "Advies"}

THEMES = {
    "business_strategy": "Ondernemen en strategie",
    "job_specific_skills": "Beroepsgerichte vaardigheden",
    "digitalisation": "Digitalisering",
    "sustainability": "Duurzaam ondernemen",
    "financial_literacy": "Financieel beheer",
    "innovation": "Innovatie",
    "internationalisation": "Internationaal ondernemen",
    "personnel_management": "Personeelsbeleid",
    "cybersecurity": "Cyberveiligheid",
    "energy_efficiency": "Energie",
    "other": "Ander thema",
}

FORMS = {
    "classroom": "Klassikaal",
    "in_house": "In je onderneming",
    "distance_live": "Op afstand, met een lesgever die live aanwezig is",
    "online": "Online",
}

TIES = {
    "self_employed_or_manager": "Zelfstandige of zaakvoerder",
    "payroll": "Op de loonlijst",
    "assisting": "Helper of meewerkende echtgenoot in het statuut",
    "none": "Geen van deze",
}

VAT_RATES = {
    "2100": "Het gewone tarief: € 21,00 op elke € 100,00",
    "1200": "€ 12,00 op elke € 100,00",
    "600": "€ 6,00 op elke € 100,00",
    "0": "€ 0,00 op elke € 100,00",
    "exempt": "Geen btw (vrijgesteld)",
}

VERB_WORDS = {
    "submit": "Aanvraag ingediend",
    "approve": "Aanvraag goedgekeurd",
    "refuse": "Aanvraag geweigerd",
    "deposit": "Storting ontvangen",
    "order_payment": "Betaalopdracht gegeven",
    "bank_paid": "Dienstverlener betaald",
    "payment_bounced": "Betaling teruggekomen",
    "confirm_delivery": "Dienstverlener bevestigde",
    "cancel": "Geannuleerd",
    "lapse": "Vervallen",
}

ROLE_WORDS = {
    "entrepreneur": "ondernemer",
    "provider": "dienstverlener",
    "operator": "financieel beheerder",
    "office": "dossierbehandelaar",
    "system": "platform",
}

EXCEPTION_WORDS = {
    "no_reference": "Geen bruikbare mededeling",
    "unknown_reference": "Mededeling van geen enkele aanvraag",
    "wallet_closed": "De aanvraag is gestopt",
    "too_late": "Na de uiterste dag gestort",
    "not_exact": "Niet precies het eigen deel",
    "too_much": "Meer dan het eigen deel",
    "unknown_debit": "Geld vertrokken zonder opdracht van ons",
    "bounced_refund": "Terugbetaling kwam terug",
}

SIGN_WORDS = {
    "project_number": "het projectnummer staat in de mededeling",
    "reference": "de mededeling lijkt er erg op",
    "account": "het komt van de rekening van deze onderneming",
    "amount": "het is precies het bedrag dat nog verwacht wordt",
}

PAYMENT_STATES = {
    "ordered": "Wacht op een betaalbestand",
    "in_run": "Onderweg naar de bank",
    "paid": "Betaald",
    "bounced": "Teruggekomen",
}

PAYMENT_KINDS = {
    "provider": "Aan de dienstverlener",
    "refund": "Eigen deel terug",
    "return": "Terug naar de afzender",
}

ROLE_TASKS = {
    "entrepreneur": "Vraagt subsidie aan, stort het eigen deel en laat de dienstverlener betalen.",
    "provider": "Geeft opleiding of advies, en krijgt het volledige bedrag zonder btw uit de portefeuille.",
    "operator": "Kijkt na wat er op de rekening binnenkomt, en betaalt uit.",
    "office": "Beslist over aanvragen die de regels niet zelf kunnen beslissen.",
}
