"""What people are written about their card of codes, at the mail address that they confirmed."""

from __future__ import annotations

from portefeuille.identity import queries as identity
from portefeuille.messages.operations import Letter
from portefeuille.signin.models import CodeCard


def card_blocked(card: CodeCard) -> list[Letter]:
    """That it opens nothing any more: it may not be its holder who asked."""
    return _to_holder(
        card,
        kind="blocked",
        subject="Je codekaart is geblokkeerd",
        text=f"Je codekaart nummer {card.pk} is geblokkeerd. Niemand kan er zich nog mee aanmelden.\n\n"
        "Heb je dat niet zelf gevraagd? Bel dan gratis naar 1700, van 9 tot 19 uur.",
    )


def card_refused(card: CodeCard, reasons: str) -> list[Letter]:
    """That the office found no address to send it to, and why."""
    return _to_holder(
        card,
        kind="refused",
        subject="We kunnen je codekaart niet opsturen",
        text=f"We sturen je geen codekaart:\n{reasons}\n\nIs dit in orde gebracht? "
        "Vraag dan een nieuwe kaart. Hulp nodig? Bel gratis naar 1700, van 9 tot 19 uur.",
    )


def _to_holder(card: CodeCard, *, kind: str, subject: str, text: str) -> list[Letter]:
    """None when nobody is known to hold it, or no address of theirs is confirmed."""
    to = None if card.person_id is None else identity.person(card.person_id)
    if to is None or not to.confirmed_email:
        return []
    return [
        Letter(
            key=f"card-{kind}-{card.pk}",
            kind=f"card_{kind}",
            to_address=to.confirmed_email,
            to_name=to.name,
            subject=subject,
            text=f"Dag {to.name},\n\n{text}\n",
        )
    ]
