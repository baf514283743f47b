"""What people are written about their means of sign-in, at the mail address that they confirmed."""

from __future__ import annotations

from portefeuille.identity import queries as identity
from portefeuille.messages.operations import Letter
from portefeuille.signin.models import CodeCard, TimeCode


def card_blocked(card: CodeCard) -> list[Letter]:
    """That it opens nothing any more: it may not be its holder who asked."""
    return _to(
        card.person_id,
        key=f"card-blocked-{card.pk}",
        kind="card_blocked",
        subject="Je codekaart is geblokkeerd",
        text=f"Je codekaart nummer {card.pk} is geblokkeerd. Niemand kan er zich nog mee aanmelden.\n\n"
        "Heb je dat niet zelf gevraagd? Bel dan gratis naar 1700, van 9 tot 19 uur.",
    )


def card_refused(card: CodeCard, reasons: str) -> list[Letter]:
    """That the office found no address to send it to, and why."""
    return _to(
        card.person_id,
        key=f"card-refused-{card.pk}",
        kind="card_refused",
        subject="We kunnen je codekaart niet opsturen",
        text=f"We sturen je geen codekaart:\n{reasons}\n\nIs dit in orde gebracht? "
        "Vraag dan een nieuwe kaart. Hulp nodig? Bel gratis naar 1700, van 9 tot 19 uur.",
    )


def app_added(app: TimeCode) -> list[Letter]:
    """That somebody may sign in with it: whoever stole a card of codes must not get a lasting key without a sound."""
    return _to(
        app.person_id,
        key=f"app-added-{app.pk}",
        kind="app_added",
        subject="Er is een app aan je aanmelding gekoppeld",
        text="Met een code uit die app kan iemand zich voortaan aanmelden als jij.\n\n"
        "Deed je dat niet zelf? Verwijder de app dan op de pagina “Mijn aanmelding”, of bel gratis naar 1700, "
        "van 9 tot 19 uur.",
    )


def _to(person: int | None, *, key: str, kind: str, subject: str, text: str) -> list[Letter]:
    """None when nobody is known to hold it, or no address of theirs is confirmed."""
    to = None if person is None else identity.person(person)
    if to is None or not to.confirmed_email:
        return []
    return [
        Letter(
            key=key,
            kind=kind,
            to_address=to.confirmed_email,
            to_name=to.name,
            subject=subject,
            text=f"Dag {to.name},\n\n{text}\n",
        )
    ]
