"""The Dutch words for what the code names: states, verdicts, themes, ties, forms."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from portefeuille.core.lifecycle import State

STATE_WORDS: dict[State, Any] = {
    State.DRAFT: _("Nog niet ingediend"),
    State.SUBMITTED: _("Wordt bekeken"),
    State.APPROVED: _("Goedgekeurd: stort je eigen deel"),
    State.PARTLY_FUNDED: _("Gedeeltelijk gestort"),
    State.FUNDED: _("Klaar om te betalen"),
    State.PARTLY_PAID: _("Gedeeltelijk betaald"),
    State.PAID: _("Betaald"),
    State.CLOSED: _("Afgerond"),
    State.REFUSED: _("Geweigerd"),
    State.LAPSED: _("Vervallen"),
    State.CANCELLED: _("Geannuleerd"),
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
    "met": _("in orde"),
    "not met": _("niet in orde"),
    "unknown": _("nog niet bekend"),
    "still to prove": _("later te bewijzen"),
}

SERVICES = {"training": _("Opleiding"), "advice": _("Advies")}

THEMES = {
    "business_strategy": _("Ondernemen en strategie"),
    "job_specific_skills": _("Beroepsgerichte vaardigheden"),
    "digitalisation": _("Digitalisering"),
    "sustainability": _("Duurzaam ondernemen"),
    "financial_literacy": _("Financieel beheer"),
    "innovation": _("Innovatie"),
    "internationalisation": _("Internationaal ondernemen"),
    "personnel_management": _("Personeelsbeleid"),
    "cybersecurity": _("Cyberveiligheid"),
    "energy_efficiency": _("Energie"),
    "other": _("Ander thema"),
}

FORMS = {
    "classroom": _("Klassikaal"),
    "in_house": _("In je onderneming"),
    "distance_live": _("Op afstand, met een lesgever die live aanwezig is"),
    "online": _("Online"),
}

TIES = {
    "self_employed_or_manager": _("Zelfstandige of zaakvoerder"),
    "payroll": _("Op de loonlijst"),
    "assisting": _("Helper of meewerkende echtgenoot in het statuut"),
    "none": _("Geen van deze"),
}

VAT_RATES = {
    "2100": _("Het gewone tarief: € 21,00 op elke € 100,00"),
    "1200": _("€ 12,00 op elke € 100,00"),
    "600": _("€ 6,00 op elke € 100,00"),
    "0": _("€ 0,00 op elke € 100,00"),
    "exempt": _("Geen btw (vrijgesteld)"),
}

VERB_WORDS = {
    "submit": _("Aanvraag ingediend"),
    "approve": _("Aanvraag goedgekeurd"),
    "refuse": _("Aanvraag geweigerd"),
    "deposit": _("Storting ontvangen"),
    "order_payment": _("Betaalopdracht gegeven"),
    "bank_paid": _("Dienstverlener betaald"),
    "payment_bounced": _("Betaling teruggekomen"),
    "confirm_delivery": _("Dienstverlener bevestigde"),
    "cancel": _("Geannuleerd"),
    "lapse": _("Vervallen"),
}

ROLE_WORDS = {
    "entrepreneur": _("ondernemer"),
    "enterprise_admin": _("beheerder van de onderneming"),
    "accountant": _("gemachtigde"),
    "provider": _("dienstverlener"),
    "provider_admin": _("beheerder van de dienstverlener"),
    "operator": _("financieel beheerder"),
    "office": _("dossierbehandelaar"),
    "inspector": _("inspecteur"),
    "regime_editor": _("beheerder van de regels"),
    "auditor": _("auditor"),
    "help_desk": _("helpdesk"),
    "newcomer": _("nieuw"),
    "system": _("platform"),
}

EXCEPTION_WORDS = {
    "no_reference": _("Geen bruikbare mededeling"),
    "unknown_reference": _("Mededeling van geen enkele aanvraag"),
    "wallet_closed": _("De aanvraag is gestopt"),
    "too_late": _("Na de uiterste dag gestort"),
    "not_exact": _("Niet precies het eigen deel"),
    "too_much": _("Meer dan het eigen deel"),
    "unknown_debit": _("Geld vertrokken zonder opdracht van ons"),
    "bounced_refund": _("Terugbetaling kwam terug"),
}

SIGN_WORDS = {
    "project_number": _("het projectnummer staat in de mededeling"),
    "reference": _("de mededeling lijkt er erg op"),
    "account": _("het komt van de rekening van deze onderneming"),
    "amount": _("het is precies het bedrag dat nog verwacht wordt"),
}

PAYMENT_STATES = {
    "ordered": _("Wacht op een betaalbestand"),
    "in_run": _("Onderweg naar de bank"),
    "paid": _("Betaald"),
    "bounced": _("Teruggekomen"),
}

PAYMENT_KINDS = {
    "provider": _("Aan de dienstverlener"),
    "refund": _("Eigen deel terug"),
    "return": _("Terug naar de afzender"),
}

ROLE_TASKS = {
    "entrepreneur": _("Vraagt subsidie aan, stort het eigen deel en laat de dienstverlener betalen."),
    "enterprise_admin": _(
        "Doet wat een ondernemer doet, en beslist wie nog voor de onderneming mag optreden."
    ),
    "accountant": _("Treedt op voor klanten die daarvoor een mandaat gaven."),
    "provider_admin": _("Doet wat een dienstverlener doet, en beslist wie nog voor hem mag optreden."),
    "inspector": _("Controleert dossiers."),
    "regime_editor": _("Bereidt nieuwe regels voor."),
    "auditor": _("Leest alles en wijzigt niets."),
    "help_desk": _("Helpt wie belt, en kijkt daarvoor mee in het dossier."),
    "provider": _(
        "Geeft opleiding of advies, en krijgt het volledige bedrag zonder btw uit de portefeuille."
    ),
    "operator": _("Kijkt na wat er op de rekening binnenkomt, en betaalt uit."),
    "office": _("Beslist over aanvragen die de regels niet zelf kunnen beslissen."),
}
