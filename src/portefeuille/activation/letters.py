"""What is written on paper and by mail about becoming authorised."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

import segno
from django.conf import settings

from portefeuille.activation.models import Activation, EmailConfirmation, Invitation
from portefeuille.activation.terms import EMAIL_CODE_LASTS, last_day, minutes
from portefeuille.core.calendar import in_words, legal_day
from portefeuille.core.identifiers import dotted
from portefeuille.core.secret_codes import grouped
from portefeuille.identity.letters import HELP
from portefeuille.messages.operations import Letter as Mail
from portefeuille.post import operations as post
from portefeuille.post.pdf import render

SENDER = ("kmo-portefeuille", "Vragen? Bel gratis naar 1700, van 9 tot 19 uur")


# Where the letter goes, by where its address came from (``activation.seats``).
_WHERE = {
    "seat": "naar de zetel van {enterprise}, op het adres dat de Kruispuntbank van Ondernemingen kent",
    "lookup": "naar {enterprise}, op het adres dat de Kruispuntbank van Ondernemingen kent",
    "establishment": "naar de vestiging van {enterprise} die de Kruispuntbank van Ondernemingen kent",
    "office": "naar {enterprise}, op het adres dat een medewerker van ons vond",
}


def activation_link(code: str) -> str:
    """Where the code is filled in. It only works for the person who asked for the letter."""
    return f"{settings.PUBLIC_ADDRESS}/activeren?{urlencode({'code': grouped(code)})}"


def invitation_link(row: Invitation, code: str) -> str:
    """Where an invitation is accepted."""
    return f"{settings.PUBLIC_ADDRESS}/uitnodiging/{row.reference}?{urlencode({'code': grouped(code)})}"


def activation_letter(
    row: Activation, *, code: str, envelope: Sequence[str], person: str, enterprise: str, at: datetime
) -> post.Letter:
    """The letter to the registered office."""
    assert row.expires_at is not None, "its code was just made"
    number = dotted(row.enterprise_number)
    title = f"Je code om op te treden voor {enterprise}"
    lines = [envelope[0], f"t.a.v. {person}", *envelope[1:]]
    data = {
        "title": title,
        "envelope": lines,
        "date": in_words(legal_day(at)),
        "sender": list(SENDER),
        "opening": f"Dag {person},",
        "why": [
            f"Je vroeg om in de kmo-portefeuille op te treden voor {enterprise} ({number}). "
            "Met deze code bewijs je dat de onderneming dat goedvindt."
        ],
        "code_words": "Je code",
        "code": grouped(code),
        "link_words": "Meld je aan en tik de code in op",
        "link": activation_link(code),
        "shown_link": f"{settings.PUBLIC_ADDRESS}/activeren",
        "picture": _picture(activation_link(code)),
        "scan_words": "Of scan dit",
        "picture_words": "Vierkante code die de pagina opent waar je de code invult",
        "then": [
            f"De code werkt tot en met {in_words(last_day(row.expires_at))}, en alleen voor jou: {person}. "
            "Hoofdletters, spaties en streepjes maken niet uit. Hierna vul je je rekeningnummer, je omzet en je "
            "boekjaar in. Dan kun je een subsidie aanvragen.",
        ],
        "unasked_title": "Heeft niemand van jullie dit gevraagd?",
        "unasked": f"Geef de code dan aan niemand, ook niet aan de telefoon. Zonder de code kan {person} niets doen in "
        f"naam van {enterprise}. Bel gratis naar 1700, van 9 tot 19 uur, en gooi deze brief weg.",
    }
    return post.Letter(
        key=f"activation:{row.pk}:{row.times_sent}:{at:%Y%m%d%H%M%S%f}",
        kind="activation_code",
        envelope=lines,
        pdf=render("activation", data, at=at),
        person=row.person_id,
        enterprise=row.enterprise_number,
    )


def _picture(text: str) -> str:
    picture = io.BytesIO()
    segno.make(text, error="m", micro=False).save(picture, kind="svg", border=2, dark="#000", light="#fff")
    return picture.getvalue().decode()


def email_code(row: EmailConfirmation, *, code: str, name: str) -> Mail:
    """The code that proves that a mail address is read by whoever typed it."""
    link = f"{settings.PUBLIC_ADDRESS}/registreren/e-mail?{urlencode({'code': grouped(code)})}"
    return Mail(
        key=f"email_code:{row.pk}:{row.code_hash[:16]}",
        kind="email_code",
        to_address=row.email,
        to_name=name,
        subject="Bevestig je e-mailadres",
        text=f"Dag {name}\n\nJe code is {grouped(code)}\n\nTik ze in waar je bezig was, of open:\n{link}\n\n"
        f"De code werkt {minutes(EMAIL_CODE_LASTS)} minuten. Heb je dit niet gevraagd? Dan hoef je niets te doen.\n",
    )


def email_replaced(row: EmailConfirmation, *, name: str, email: str, at: datetime) -> Mail:
    """To the address of before: everything else that happens is told at the new one."""
    return Mail(
        key=f"email_replaced:{row.pk}:{at.isoformat()}",
        kind="email_replaced",
        to_address=email,
        to_name=name,
        subject="Je e-mailadres is veranderd",
        text=f"Dag {name}\n\nVanaf nu schrijven we je op een ander e-mailadres, en niet meer op dit.\n\n"
        "Deed je dat niet zelf? Bel gratis naar 1700, van 9 tot 19 uur.\n",
    )


def letter_underway(row: Activation, *, name: str, email: str, enterprise: str) -> Mail:
    """That the letter left, and when it should be there."""
    assert row.expected_on is not None, "it was just sent"
    where = _WHERE[row.address_basis].format(enterprise=enterprise)
    return Mail(
        key=f"activation_underway:{row.pk}:{row.code_hash[:16]}",
        kind="activation_underway",
        to_address=email,
        to_name=name,
        subject=f"Je brief voor {enterprise} is onderweg",
        text=f"Dag {name}\n\nWe stuurden een brief met een code {where}. "
        f"Je hebt hem ten laatste op {in_words(row.expected_on)}.\n\n"
        f"Meld je dan aan en tik de code in op {settings.PUBLIC_ADDRESS}/activeren\n\n{HELP}\n",
        enterprise=row.enterprise_number,
    )


def address_refused(row: Activation, *, name: str, email: str, enterprise: str) -> Mail:
    """That the office found no address to send a letter to, and why."""
    return Mail(
        key=f"activation_refused:{row.pk}",
        kind="activation_refused",
        to_address=email,
        to_name=name,
        subject=f"We kunnen geen brief sturen naar {enterprise}",
        text=f"Dag {name}\n\nWe sturen je geen brief met een code voor {enterprise}:\n{row.reasons}\n\n"
        "Is dit in orde gebracht? Vraag de brief dan opnieuw:\n"
        f"{settings.PUBLIC_ADDRESS}/registreren/onderneming\n\n{HELP}\n",
        enterprise=row.enterprise_number,
    )


def invitation(row: Invitation, *, code: str, inviter: str, firm: str) -> Mail:
    """The mail to somebody who is invited."""
    assert row.expires_at is not None, "its code was just made"
    return Mail(
        key=f"invitation:{row.pk}:{row.code_hash[:16]}",
        kind="invitation",
        to_address=row.email,
        to_name=row.name,
        subject=f"{inviter} nodigt je uit om op te treden voor {firm}",
        text=f"Dag {row.name}\n\n{inviter} vraagt je om in de kmo-portefeuille op te treden voor {firm}.\n\n"
        f"Je code is {grouped(code)}\n\nOpen deze link, meld je aan met je eigen kaart of app, en bevestig:\n"
        f"{invitation_link(row, code)}\n\nDe code werkt tot en met {in_words(last_day(row.expires_at))}. "
        "Ken je de afzender niet? Dan hoef je niets te doen. Geef de code aan niemand.\n",
        enterprise=row.enterprise_number,
    )
