"""The lifecycle's table, asked for an application; a refusal in words."""

from __future__ import annotations

from portefeuille.applications.models import Application
from portefeuille.core import lifecycle
from portefeuille.core.errors import WrongState
from portefeuille.core.lifecycle import State, Verb

STATE_NAMES: dict[State, str] = {
    State.DRAFT: "nog niet ingediend",
    State.SUBMITTED: "ingediend, wacht op een beslissing",
    State.APPROVED: "goedgekeurd, wacht op je storting",
    State.PARTLY_FUNDED: "gedeeltelijk gestort",
    State.FUNDED: "volledig gestort, klaar om te betalen",
    State.PARTLY_PAID: "gedeeltelijk betaald",
    State.PAID: "betaald",
    State.CLOSED: "afgerond",
    State.REFUSED: "geweigerd",
    State.LAPSED: "vervallen",
    State.CANCELLED: "geannuleerd",
}

_VERB_NAMES: dict[Verb, str] = {
    Verb.SUBMIT: "indienen",
    Verb.APPROVE: "goedkeuren",
    Verb.REFUSE: "weigeren",
    Verb.DEPOSIT: "storten",
    Verb.ORDER_PAYMENT: "laten betalen",
    Verb.BANK_PAID: "als betaald boeken",
    Verb.PAYMENT_BOUNCED: "als teruggekomen boeken",
    Verb.CLOSE: "afronden",
    Verb.LAPSE: "laten vervallen",
    Verb.CANCEL: "annuleren",
}


def must(verb: Verb, row: Application) -> None:
    """Raise WrongState unless the table lets ``verb`` start from the application's state."""
    state = State(row.state)
    if not lifecycle.allows(verb, state):
        raise WrongState(
            f"Je kunt deze aanvraag nu niet {_VERB_NAMES[verb]}: ze is {STATE_NAMES[state]}. "
            "Laad de pagina opnieuw om te zien wat nu kan."
        )
