"""What the pages say of each means of sign-in: what you need for it, and how sure it makes us."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from portefeuille.identity.roles import Assurance


@dataclass(frozen=True, slots=True)
class Means:
    """A means of sign-in. ``address`` is where it begins; empty when this installation does not offer it."""

    name: str
    title: str
    needs: str
    assurance: Assurance
    address: str
    way_in: str = ""


def means() -> list[Means]:
    """Every means, the strongest first."""
    return [
        Means(
            "eid",
            _("Met je identiteitskaart"),
            _("Je hebt een kaartlezer nodig, en de pincode van je kaart."),
            Assurance.HIGH,
            "/aanmelden/eid" if settings.EID else "",
        ),
        Means(
            "acm",
            _("Via de Vlaamse overheid"),
            _(
                "Je gebruikt itsme of een andere digitale sleutel van de overheid. Ook voor wie in opdracht werkt."
            ),
            Assurance.HIGH,
            "/aanmelden/acm" if settings.OIDC else "",
        ),
        Means(
            "card",
            _("Met je codekaart"),
            _("Je hebt de kaart met 24 codes nodig, en je rijksregisternummer."),
            Assurance.SUBSTANTIAL,
            "/aanmelden/kaart",
            _("Nog geen kaart? Vraag er een aan. Ze komt met de post, binnen 8 werkdagen."),
        ),
        Means(
            "app",
            _("Met een code uit een app"),
            _("Je hebt de app nodig die je eerder koppelde, en je rijksregisternummer."),
            Assurance.SUBSTANTIAL,
            "/aanmelden/app",
        ),
    ]
