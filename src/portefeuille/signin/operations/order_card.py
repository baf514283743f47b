"""Order a card of codes. It goes to the address that the national register knows, never to one that was typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction

from portefeuille.core.calendar import legal_day
from portefeuille.core.errors import Invalid
from portefeuille.core.identifiers import NotANumber
from portefeuille.core.identifiers import national_number as checked
from portefeuille.database.sealing import seal
from portefeuille.history.operations import record
from portefeuille.identity.national_number import hash_of
from portefeuille.identity.roles import Actor
from portefeuille.post.terms import card_expected
from portefeuille.signin.attempts import ADDRESS_WINDOW, LockedOut, Try, locked_until, note, one_at_a_time
from portefeuille.signin.codes import number_for_nobody
from portefeuille.signin.models import Attempt, CodeCard

PURPOSE = "card-national-number"
ORDERS_FROM_ONE_ADDRESS = 10  # in the window of attempts
# Each card costs a letter, and whoever calls somebody's card lost every day would leave them without one.
ORDERS_FOR_ONE_PERSON, ORDERS_ROUND = 5, timedelta(days=30)


def expected_on(at: datetime) -> date:
    """The day on which a card that is ordered now is there at the latest."""
    return card_expected(legal_day(at))


def order_card(*, national_number: str, source: str, at: datetime) -> date:
    """Have a card written for whoever has this number; the day on which it is there at the latest.

    The answer is the same whether or not there is such a person, and for somebody whose card is on its way or works:
    then nothing changes, so that nobody can spoil another's card by ordering. Raises Invalid, LockedOut.
    """
    number = number_of(national_number)
    with transaction.atomic():
        trying = may_order(number, source, at)
        if (until := ordered_too_often(trying.who, at)) is not None:
            raise LockedOut(TOO_OFTEN, until=until)
        order_for(number, trying.who, at=at)
        note(trying, "right", at=at)
    return expected_on(at)


def number_of(typed: str) -> str:
    """The bare digits. Raises Invalid with the field."""
    try:
        return checked(typed)
    except NotANumber:
        raise Invalid(
            "Dit is geen rijksregisternummer. Het telt elf cijfers en staat achteraan op je identiteitskaart.",
            field="national_number",
        ) from None


def number_asked_of(who: str) -> int:
    """The number of the code that is asked of this person: that of the newest card, whatever became of it.

    A card that comes or goes must not change it. Else whoever orders one for a number, or calls it lost, would see from
    the next question whether somebody has that number.
    """
    newest = CodeCard.objects.filter(who=who).order_by("-id").values_list("asked_number", flat=True).first()
    return newest or number_for_nobody(who)


def may_order(number: str, source: str, at: datetime) -> Try:
    """The attempt to note once the card is ordered, within its transaction. Raises LockedOut."""
    trying = Try("card_order", hash_of(number), source)
    one_at_a_time(trying)
    recent = Attempt.objects.filter(source=source, means="card_order", at__gt=at - ADDRESS_WINDOW).count()
    until = locked_until(trying, at=at) or (
        at + ADDRESS_WINDOW if recent >= ORDERS_FROM_ONE_ADDRESS else None
    )
    if until is not None:
        raise LockedOut("Er zijn te veel kaarten gevraagd vanaf deze plek. Probeer het later.", until=until)
    return trying


TOO_OFTEN = (
    "Voor deze persoon zijn er de voorbije 30 dagen al te veel kaarten gevraagd. Bel gratis naar 1700."
)


def ordered_too_often(who: str, at: datetime) -> datetime | None:
    """Until when no card is ordered for whoever has this number, or for nobody; None when one may be."""
    orders = Attempt.objects.filter(
        who=who, means="card_order", outcome="right", at__gt=at - ORDERS_ROUND
    ).order_by("-id")
    times = list(orders.values_list("at", flat=True)[:ORDERS_FOR_ONE_PERSON])
    return times[-1] + ORDERS_ROUND if len(times) == ORDERS_FOR_ONE_PERSON else None


def order_for(number: str, who: str, *, at: datetime) -> None:
    """Within a transaction: a card for this person, unless one is on its way or works."""
    if CodeCard.objects.exclude(state="blocked").filter(who=who).exists():
        return
    card = CodeCard.objects.create(
        who=who,
        state="ordered",
        asked_number=number_asked_of(who),
        sealed_national_number=seal(PURPOSE, number.encode()),
        ordered_at=at,
        expected_on=expected_on(at),
    )
    record(actor=Actor.system(), verb="order_card", subject="code_card", subject_id=card.pk, at=at)
