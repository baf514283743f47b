"""The Dutch words for what the code names: states, verdicts, themes, ties, forms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portefeuille.core.lifecycle import State

STATE_WORDS: dict[State, Any] = {
    State.DRAFT: _("Nog niet ingediend"),
    State.SUBMITTED: _("Wordt bekeken"),
    State.APPROVED: _("Wacht op storting"),
    State.PARTLY_FUNDED: _("Een deel is gestort"),
    State.FUNDED: _("Klaar om te betalen"),
    State.PARTLY_PAID: _("Een deel is betaald"),
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
    "2100": _("Het gewone tarief: €\u00a021,00 op elke €\u00a0100,00"),
    "1200": _("Tussentarief: €\u00a012,00 op elke €\u00a0100,00"),
    "600": _("Laag tarief: €\u00a06,00 op elke €\u00a0100,00"),
    "0": _("Nultarief: €\u00a00,00 op elke €\u00a0100,00"),
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
    "send_back": _("Teruggekomen geld teruggestort"),
    "lapse": _("Vervallen"),
}

# What else leaves a trace in the history, in words for whose file it is.
DEED_WORDS = {
    **VERB_WORDS,
    "ask_address": _("Brief met een code gevraagd, maar er was geen adres"),
    "send_letter": _("Brief met een code verstuurd"),
    "settle_address": _("Adres voor de brief bepaald"),
    "refuse_address": _("Brief met een code geweigerd"),
    "activate": _("Code uit de brief ingevuld"),
    "activation_code_wrong": _("Verkeerde code uit de brief ingevuld"),
    "activation_blocked": _("Code uit de brief geblokkeerd na te veel fouten"),
    "print_letter": _("Brief gedrukt"),
    "request_recognition": _("Erkenning als dienstverlener gevraagd"),
    "withdraw_recognition": _("Aanvraag om erkend te worden ingetrokken"),
    "grant_recognition": _("Erkenning als dienstverlener goedgekeurd"),
    "refuse_recognition": _("Erkenning als dienstverlener geweigerd"),
    "suspend_recognition": _("Erkenning geschorst"),
    "end_suspension": _("Schorsing van de erkenning beëindigd"),
    "strike_off_recognition": _("Erkenning geschrapt"),
    "attend_session": _("Infosessie gevolgd"),
    "remind_provider": _("Herinnering verstuurd: de erkenning loopt af"),
    "recognition_ended": _("De erkenning is afgelopen"),
    "take_case": _("Zaak in behandeling genomen"),
    "propose": _("Voorstel gedaan"),
    "send_back_proposal": _("Voorstel teruggestuurd"),
    "close_case": _("Zaak afgesloten"),
    "give_capacity": _("Iemand mag optreden voor de onderneming"),
    "end_capacity": _("Iemand mag niet meer optreden voor de onderneming"),
    "make_administrator": _("Iemand werd beheerder"),
    "give_mandate": _("Mandaat gegeven aan een kantoor"),
    "end_mandate": _("Mandaat van een kantoor beëindigd"),
    "invite": _("Collega uitgenodigd"),
    "withdraw_invitation": _("Uitnodiging ingetrokken"),
    "accept_invitation": _("Uitnodiging aanvaard"),
    "invitation_code_wrong": _("Verkeerde code bij een uitnodiging"),
    "save_profile": _("Gegevens van de onderneming bewaard"),
    "confirm_email": _("E-mailadres bevestigd"),
    "order_card": _("Codekaart gevraagd"),
    "card_has_no_address": _("Codekaart zonder adres"),
    "send_card": _("Codekaart verstuurd"),
    "refuse_card": _("Codekaart geweigerd"),
    "block_card": _("Codekaart geblokkeerd"),
    "activate_card": _("Codekaart in gebruik genomen"),
    "add_app": _("App gekoppeld"),
    "remove_app": _("App verwijderd"),
    "release_sign_in": _("Aanmelding van slot gehaald"),
    "import_statement": _("Bankuittreksel geboekt"),
    "assign": _("Geld zonder plaats toegewezen aan een aanvraag"),
    "assign_to_funds": _("Geld zonder plaats bij het geld van de overheid gezet"),
    "return_to_sender": _("Geld zonder plaats teruggestuurd"),
    "make_run": _("Betaalbestand gemaakt"),
    "release": _("Betaalbestand vrijgegeven"),
    "hand_over": _("Betaalbestand opgehaald voor de bank"),
}

LOOK_WORDS = {
    "application": _("Bekeek een aanvraag"),
    "activation": _("Bekeek een vraag om een brief met een code"),
    "client": _("Bekeek wat er loopt, in de lijst van klanten"),
    "dossier": _("Bekeek het overzicht van het dossier"),
    "profile": _("Bekeek de gegevens van de onderneming"),
    "recognition_request": _("Bekeek een aanvraag om erkend te worden als dienstverlener"),
    "provider": _("Bekeek het dossier van de dienstverlener"),
}


def deed_words(verb: str) -> Any:
    """What was done, in words; of something that has none yet, that it was done."""
    return DEED_WORDS.get(verb, _("Wijziging in het dossier"))


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

CASE_KINDS = {
    "application": _("Aanvraag"),
    "letter_address": _("Brief zonder adres"),
    "card_address": _("Codekaart zonder adres"),
    "recognition": _("Erkenning als dienstverlener"),
}

CASE_LISTS = {
    "application": _("Aanvragen"),
    "letter_address": _("Brieven zonder adres"),
    "card_address": _("Codekaarten zonder adres"),
    "recognition": _("Erkenningen"),
}

STANDING_WORDS = {
    "to_come": _("Begint later"),
    "recognised": _("Erkend"),
    "suspended": _("Geschorst"),
    "expired": _("Niet meer erkend"),
    "struck_off": _("Geschrapt"),
}

STANDING_TONES = {
    "to_come": "plain",
    "recognised": "good",
    "suspended": "warn",
    "expired": "plain",
    "struck_off": "bad",
}

REQUEST_WORDS = {
    "waits": _("Wordt bekeken"),
    "withdrawn": _("Ingetrokken"),
    "refused": _("Geweigerd"),
    "granted": _("Goedgekeurd"),
}

REQUEST_TONES = {"waits": "warn", "withdrawn": "plain", "refused": "bad", "granted": "good"}

DOCUMENT_WORDS = {"audit_report": _("Auditverslag"), "certificate": _("Certificaat")}

MEASURE_WORDS = {
    "suspended": _("Geschorst"),
    "resumed": _("Schorsing beëindigd"),
    "struck_off": _("Geschrapt"),
    "session": _("Infosessie gevolgd"),
}

# Why the office must find out where a letter goes.
WHY_OFFICE = {
    "no_address": _("De Kruispuntbank geeft geen adres"),
    "lookup_down": _("De opzoeking van het adres antwoordde niet"),
}

LETTER_KINDS = {
    "activation_code": _("Brief met een code om bevoegd te worden"),
    "code_card": _("Codekaart"),
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


def source_words(sources: Iterable[str], titles: dict[str, str]) -> str:
    """Where a rule comes from, in words; our own reading is said beside it, so it is left out here."""
    return "; ".join(_source(one, titles) for one in sources if one != "OWN")


def _source(source: str, titles: dict[str, str]) -> str:
    """``GUIDE 1`` is the first chapter of the guide, ``GUIDE intro`` what stands before it."""
    key, _space, chapter = source.partition(" ")
    if key != "GUIDE":
        return titles.get(key, key)
    if not chapter:
        return _now("de gids")
    if chapter == "intro":
        return _now("de gids, inleiding")
    return _now("de gids, hoofdstuk %(chapter)s") % {"chapter": chapter}
