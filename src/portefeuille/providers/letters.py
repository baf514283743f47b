"""What a provider is written about its recognition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from portefeuille.core.calendar import in_words
from portefeuille.identity.letters import administrators
from portefeuille.identity.models import Person
from portefeuille.messages.operations import Letter
from portefeuille.providers.models import Provider, Recognition, RecognitionRequest

SERVICE_WORDS = {"training": "opleiding", "advice": "advies"}
_CALL = "Vragen? Bel gratis naar 1700, van 9 tot 19 uur."
_WHERE = "op de pagina “Mijn erkenning”"


def received(row: RecognitionRequest, *, name: str, term_on: date) -> list[Letter]:
    """To who asked."""
    return _to(
        _asker(row),
        kind="recognition_received",
        once=str(row.pk),
        subject=f"We hebben je aanvraag om erkend te worden voor {SERVICE_WORDS[row.service]}",
        text=f"Je vroeg een erkenning voor {SERVICE_WORDS[row.service]}, voor {name}. Je documenten zijn goed "
        f"aangekomen.\n\nEen medewerker kijkt alles na. Verwacht een antwoord tegen {in_words(term_on)}. "
        f"Tot dan hoef je niets te doen. Je volgt je aanvraag {_WHERE}.",
        enterprise=row.enterprise_number,
    )


def granted(row: RecognitionRequest, recognition: Recognition) -> list[Letter]:
    """To who asked and to the provider's administrators."""
    service = SERVICE_WORDS[row.service]
    assert recognition.valid_to is not None, "what the office grants has an end"
    what = "Je erkenning gaat verder" if row.renews_id else "Je bent erkend"
    return _to(
        [*_asker(row), *administrators(provider=recognition.provider_id)],
        kind="recognition_granted",
        once=str(row.pk),
        subject=f"{what} voor {service}: {recognition.number}",
        text=f"{what} voor {service}, tot en met {in_words(recognition.valid_to)}.\n\n"
        f"Je erkenningsnummer is {recognition.number}. Zet het op je website en op je offertes: je klanten "
        f"hebben het nodig bij hun aanvraag.\n\nDe reden van de beslissing:\n{row.reasons}\n\n"
        "Zes maanden voor het einde herinneren we je eraan dat je verlenging kunt vragen.",
        enterprise=row.enterprise_number,
    )


def refused(row: RecognitionRequest) -> list[Letter]:
    """To who asked."""
    return _to(
        _asker(row),
        kind="recognition_refused",
        once=str(row.pk),
        subject=f"Je krijgt geen erkenning voor {SERVICE_WORDS[row.service]}",
        text=f"We keken je aanvraag na, en we kunnen ze niet goedkeuren.\n\nDe reden:\n{row.reasons}\n\n"
        f"Is dit in orde gebracht? Vraag dan een nieuwe erkenning {_WHERE}.",
        enterprise=row.enterprise_number,
    )


def reminder(row: Recognition, *, days: int) -> list[Letter]:
    """That it ends, or has ended."""
    assert row.valid_to is not None, "only what ends is reminded of"
    service, end = SERVICE_WORDS[row.service], in_words(row.valid_to)
    if days == 0:
        subject = f"Je erkenning voor {service} is voorbij: {row.number}"
        text = (
            f"Je erkenning {row.number} voor {service} liep tot en met {end}. Klanten kunnen er geen "
            "nieuwe subsidie meer mee aanvragen. Wat al goedgekeurd is, mag je afwerken, en dat wordt betaald.\n\n"
            f"Wil je weer erkend worden? Vraag een nieuwe erkenning {_WHERE}. Je krijgt dan een nieuw nummer."
        )
    else:
        subject = f"Je erkenning voor {service} eindigt op {end}"
        text = (
            f"Je erkenning {row.number} voor {service} loopt tot en met {end}.\n\nWil je verdergaan? Maak nu een "
            f"afspraak met een auditbureau, en vraag verlenging {_WHERE}. Doe dat ten laatste op {end}: dan houd je "
            "je nummer."
        )
    return _to_provider(
        row.provider, kind="recognition_reminder", once=f"{row.pk}:{end}:{days}", subject=subject, text=text
    )


def suspended(row: Recognition, *, measure: int, reasons: str) -> list[Letter]:
    """From when, why, and what may still be finished."""
    assert row.suspended_from is not None, "it was just suspended"
    return _to_provider(
        row.provider,
        kind="recognition_suspended",
        once=str(measure),
        subject=f"Je erkenning {row.number} is geschorst",
        text=f"Je erkenning voor {SERVICE_WORDS[row.service]} is geschorst vanaf {in_words(row.suspended_from)}.\n\n"
        f"De reden:\n{reasons}\n\nKlanten kunnen er zolang geen nieuwe subsidie mee aanvragen. Projecten die al "
        "goedgekeurd zijn, mag je afwerken. Die worden gewoon betaald.",
    )


def resumed(row: Recognition, *, measure: int, reasons: str) -> list[Letter]:
    """That customers may apply again."""
    return _to_provider(
        row.provider,
        kind="recognition_resumed",
        once=str(measure),
        subject=f"De schorsing van {row.number} is voorbij",
        text=f"Je erkenning voor {SERVICE_WORDS[row.service]} geldt opnieuw. Klanten kunnen weer subsidie "
        "aanvragen.\n\n"
        f"De reden:\n{reasons}",
    )


def struck_off(row: Recognition, *, measure: int, reasons: str) -> list[Letter]:
    """From when, why, and what may still be finished."""
    assert row.struck_off_on is not None, "it was just struck off"
    return _to_provider(
        row.provider,
        kind="recognition_struck_off",
        once=str(measure),
        subject=f"Je erkenning {row.number} is geschrapt",
        text=f"Je erkenning voor {SERVICE_WORDS[row.service]} is geschrapt vanaf {in_words(row.struck_off_on)}.\n\n"
        f"De reden:\n{reasons}\n\nKlanten kunnen er geen nieuwe subsidie meer mee aanvragen. Projecten die al "
        "goedgekeurd zijn, mag je afwerken. Die worden gewoon betaald.",
    )


def _asker(row: RecognitionRequest) -> list[Person]:
    return list(Person.objects.filter(pk=row.asked_by))


def _to_provider(provider: Provider, *, kind: str, once: str, subject: str, text: str) -> list[Letter]:
    """To its administrators; to the provider's own address when it has none."""
    people = administrators(provider=provider.pk)
    if any(one.email for one in people):
        return _to(people, kind=kind, once=once, subject=subject, text=text)
    return [_letter(f"{kind}:{once}", kind, provider.email, provider.display_name, subject, text)]


def _to(
    people: Iterable[Person], *, kind: str, once: str, subject: str, text: str, enterprise: str = ""
) -> list[Letter]:
    everyone = {one.pk: one for one in people if one.email}
    return [
        _letter(f"{kind}:{once}:{one.pk}", kind, one.email, one.name, subject, text, enterprise)
        for one in everyone.values()
    ]


def _letter(
    key: str, kind: str, address: str, name: str, subject: str, text: str, enterprise: str = ""
) -> Letter:
    return Letter(
        key=key,
        kind=kind,
        to_address=address,
        to_name=name,
        subject=subject,
        text=f"Dag {name}\n\n{text}\n\n{_CALL}\n",
        enterprise=enterprise,
    )
