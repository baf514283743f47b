"""The main menu, by who looks at it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from portefeuille.identity.roles import Actor, Role


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the menu."""

    words: str
    address: str
    is_here: bool


def menu(actor: Actor | None, path: str, *, has_clients: bool = False) -> list[Item]:
    """What this person can go to; the most precise address that leads here is marked."""
    entries = _entries(actor)
    if has_clients:
        entries.insert(-1, (_("Mijn klanten"), "/klanten"))
    here = max((address for _words, address in entries if _leads(address, path)), key=len, default="")
    return [Item(words, address, address == here) for words, address in entries]


def home_of(actor: Actor) -> str:
    """Where somebody starts."""
    return _entries(actor)[0][1]


def _leads(address: str, path: str) -> bool:
    return path == address or (address != "/" and path.startswith(f"{address}/"))


def _entries(actor: Actor | None) -> list[tuple[str, str]]:
    match actor.role if actor else None:
        case Role.ENTREPRENEUR | Role.ENTERPRISE_ADMIN | Role.ACCOUNTANT:
            people = [(_("Mensen"), "/mensen")] if actor and actor.role is Role.ENTERPRISE_ADMIN else []
            return [
                (_("Mijn dossier"), "/mijn-dossier"),
                (_("Nieuwe subsidie aanvragen"), "/aanvraag/nieuw"),
                (_("Mijn onderneming"), "/mijn-onderneming"),
                *people,
                (_("Hulp"), "/hulp"),
            ]
        case Role.PROVIDER | Role.PROVIDER_ADMIN:
            people = [(_("Mensen"), "/mensen")] if actor and actor.role is Role.PROVIDER_ADMIN else []
            return [
                (_("Mijn klanten"), "/dienstverlener"),
                (_("Mijn erkenning"), "/dienstverlener/erkenning"),
                *people,
                (_("Hulp"), "/hulp"),
            ]
        case Role.OPERATOR:
            return [
                (_("Overzicht"), "/beheer"),
                (_("Uittreksels"), "/beheer/uittreksels"),
                (_("Uitzonderingen"), "/beheer/uitzonderingen"),
                (_("Betalingen"), "/beheer/betalingen"),
                (_("Grootboek"), "/beheer/grootboek"),
            ]
        case Role.HELP_DESK:
            return [(_("Helpdesk"), "/helpdesk"), (_("Hulp"), "/hulp")]
        case Role.OFFICE:
            return [
                (_("Te beslissen"), "/kantoor"),
                (_("Brieven"), "/kantoor/brieven"),
                (_("Vrijgeven"), "/kantoor/vrijgeven"),
                (_("Dossiers"), "/dossiers"),
                (_("Ondernemingen"), "/kantoor/ondernemingen"),
                (_("Dienstverleners"), "/dienstverleners"),
                (_("Hulp"), "/hulp"),
            ]
        case Role.AUDITOR:
            return [
                (_("Te beslissen"), "/kantoor"),
                (_("Brieven"), "/kantoor/brieven"),
                (_("Dossiers"), "/dossiers"),
                (_("Ondernemingen"), "/kantoor/ondernemingen"),
                (_("Dienstverleners"), "/dienstverleners"),
                (_("Overzicht"), "/beheer"),
                (_("Grootboek"), "/beheer/grootboek"),
                (_("Hulp"), "/hulp"),
            ]
        case Role.INSPECTOR:
            return [
                (_("Dossiers"), "/dossiers"),
                (_("Ondernemingen"), "/kantoor/ondernemingen"),
                (_("Dienstverleners"), "/dienstverleners"),
                (_("Hulp"), "/hulp"),
            ]
        case _:
            return [
                (_("Start"), "/"),
                (_("Dienstverleners"), "/dienstverleners"),
                (_("Registreren"), "/registreren"),
                (_("Hulp"), "/hulp"),
            ]
