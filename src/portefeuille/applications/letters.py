"""What people are written about an application. Amounts in euro, whose they are and to whom they go; no percentages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portefeuille.applications.models import Application
from portefeuille.bank import queries as bank
from portefeuille.bank.queries import AccountView
from portefeuille.core.formats import ogm
from portefeuille.core.identifiers import grouped_iban
from portefeuille.core.money import Money
from portefeuille.identity import queries as identity
from portefeuille.messages.operations import Letter
from portefeuille.providers import queries as providers
from portefeuille.providers.queries import ProviderFacts
from portefeuille.wallet.queries import WalletView


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the letter."""

    name: str
    email: str


def _euro(amount: Money) -> str:
    return f"€ {amount.belgian}"


def _day(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _letter(
    row: Application, kind: str, subject: str, paragraphs: list[str], *, to: Addressee, once: str = ""
) -> Letter:
    opening = _("Dag %(name)s") % {"name": to.name}
    help_line = _("Vragen? Bel gratis naar 1700, van 9 tot 19 uur.")
    closing = f"{help_line}\n{_('Je projectnummer is %(number)s.') % {'number': row.project_number}}"
    return Letter(
        key=f"{kind}:{row.pk}:{once}" if once else f"{kind}:{row.pk}",
        kind=kind,
        to_address=to.email,
        to_name=to.name,
        subject=f"{subject} ({row.project_number})",
        text="\n\n".join([opening, *paragraphs, closing]) + "\n",
        enterprise=row.enterprise_number,
        application=row.pk,
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What letters need beside their application, looked up once for however many letters."""

    account: AccountView
    emails: Mapping[str, str]
    providers: Mapping[int, ProviderFacts]

    @classmethod
    def for_applications(cls, rows: Iterable[Application]) -> Desk:
        """The desk for letters about these applications."""
        known = list(rows)
        return cls(
            account=bank.account(),
            emails=identity.emails_of({row.enterprise_number for row in known}),
            providers=providers.providers({row.provider_id for row in known if row.provider_id is not None}),
        )

    def enterprise(self, row: Application) -> Addressee:
        """The enterprise that applied."""
        return Addressee(row.enterprise_name, self.emails[row.enterprise_number])


def _how_to_pay(desk: Desk, wallet: WalletView, amount: Money) -> str:
    account = desk.account
    return "\n".join(
        [
            _("Bedrag: %(amount)s") % {"amount": _euro(amount)},
            _("Rekening: %(iban)s van %(holder)s")
            % {"iban": grouped_iban(account.iban), "holder": account.holder},
            _("Gestructureerde mededeling: %(reference)s") % {"reference": ogm.pretty(wallet.reference)},
            _("Ten laatste op: %(day)s") % {"day": _day(wallet.deposit_until)},
        ]
    )


def deposit_request(desk: Desk, row: Application, wallet: WalletView) -> Letter:
    """The application is approved: deposit the own share."""
    return _letter(
        row,
        "deposit_request",
        _("Je aanvraag is goedgekeurd: stort je eigen deel"),
        [
            _(
                "Je aanvraag voor “%(name)s” is goedgekeurd. Je dienstverlener krijgt %(amount)s zonder btw: "
                "jij betaalt daarvan %(own)s, de overheid legt er %(subsidy)s bij."
            )
            % {
                "name": row.name,
                "amount": _euro(row.amount),
                "own": _euro(row.own_share),
                "subsidy": _euro(row.subsidy),
            },
            _("Stort nu je eigen deel:") + "\n" + _how_to_pay(desk, wallet, wallet.figures.still_due),
            _(
                "Let op: betaal aan de financieel beheerder (vroeger Sodexo), niet aan je dienstverlener. "
                "Neem de gestructureerde mededeling precies over, anders vinden we je storting niet."
            ),
        ],
        to=desk.enterprise(row),
    )


def refusal(desk: Desk, row: Application, reasons: list[str]) -> Letter:
    """The application is refused, and why."""
    return _letter(
        row,
        "refusal",
        _("Je aanvraag is geweigerd"),
        [
            _("Je aanvraag voor “%(name)s” is geweigerd.") % {"name": row.name},
            _("Waarom?") + "\n" + "\n".join(f"- {reason}" for reason in reasons),
            _("Bij je project zie je elke voorwaarde, en wat je kunt doen."),
        ],
        to=desk.enterprise(row),
    )


def waiting(desk: Desk, row: Application, missing: list[str]) -> Letter:
    """Nobody can decide yet: a fact is missing, or the budget has no room."""
    why = "\n".join(f"- {fact}" for fact in missing)
    return _letter(
        row,
        "waiting",
        _("We bekijken je aanvraag"),
        [
            _("Je aanvraag voor “%(name)s” kon niet meteen beslist worden.") % {"name": row.name},
            *([_("Wat we nog moeten weten:") + "\n" + why] if why else []),
            _(
                "Een medewerker bekijkt ze. Je krijgt een bericht zodra er een beslissing is. Je hoeft niets te doen."
            ),
        ],
        to=desk.enterprise(row),
    )


def waiting_for_budget(desk: Desk, row: Application) -> Letter:
    """All conditions are met, but the year's credit is used up."""
    return _letter(
        row,
        "waiting_for_budget",
        _("Je aanvraag wacht op budget"),
        [
            _(
                "Je aanvraag voor “%(name)s” voldoet, maar het budget van de overheid is op. "
                "Ze blijft bewaard en wordt beslist zodra er weer budget is. Stort nog niets."
            )
            % {"name": row.name}
        ],
        to=desk.enterprise(row),
    )


def deposit_received(
    desk: Desk, row: Application, wallet: WalletView, *, source: int, taken: Money, top_up: Money
) -> Letter:
    """Money arrived: what the government added, and what is still due or what to do next."""
    arrived = _(
        "We kregen je storting van %(taken)s. De overheid legde er %(top_up)s bij. "
        "In je portefeuille zit nu %(held)s."
    ) % {"taken": _euro(taken), "top_up": _euro(top_up), "held": _euro(wallet.figures.held)}
    due = wallet.figures.still_due
    if due:
        subject = _("Storting ontvangen: nog %(due)s te storten") % {"due": _euro(due)}
        next_step = (
            _("Je eigen deel is nog niet volledig. Stort nog dit:") + "\n" + _how_to_pay(desk, wallet, due)
        )
    else:
        subject = _("Storting ontvangen: geef nu je betaalopdracht")
        next_step = _(
            "Je eigen deel is volledig. Ga naar je project en klik op “Ik betaal” om je dienstverlener "
            "%(total)s te laten betalen. Doe dat voor het volledige bedrag."
        ) % {"total": _euro(wallet.figures.held)}
    return _letter(
        row, "deposit_received", subject, [arrived, next_step], to=desk.enterprise(row), once=str(source)
    )


def provider_paid(
    desk: Desk, row: Application, wallet: WalletView, *, payment: int, amount: Money, reference: str
) -> list[Letter]:
    """The bank paid the provider: notice to the provider, and to the enterprise what is left for it to do."""
    provider = desk.providers[row.provider_id or 0]
    named = {
        "amount": _euro(amount),
        "name": row.name,
        "enterprise": row.enterprise_name,
        "provider": provider.display_name,
        "vat": _euro(row.vat),
        "iban": grouped_iban(provider.iban),
    }
    to_provider = [
        _(
            "Je kreeg %(amount)s uit de kmo-portefeuille van %(enterprise)s voor “%(name)s”. "
            "Het geld staat op je rekening %(iban)s."
        )
        % named
    ]
    if reference:
        to_provider.append(_("Mededeling: %(reference)s") % {"reference": ogm.pretty(reference)})
    if row.vat:
        to_provider.append(_("De btw van %(vat)s betaalt je klant rechtstreeks aan jou.") % named)
    to_enterprise = [
        _("Je dienstverlener %(provider)s kreeg %(amount)s uit je portefeuille voor “%(name)s”.") % named,
        *_left_to_do(row, wallet, provider, reference),
    ]
    return [
        _letter(
            row,
            "provider_notice",
            _("Betaling ontvangen uit de kmo-portefeuille"),
            to_provider,
            to=Addressee(provider.display_name, provider.email),
            once=str(payment),
        ),
        _letter(
            row,
            "provider_paid",
            _("Je dienstverlener is betaald"),
            to_enterprise,
            to=desk.enterprise(row),
            once=str(payment),
        ),
    ]


def _left_to_do(row: Application, wallet: WalletView, provider: ProviderFacts, reference: str) -> list[str]:
    """After a payment: first the rest of the amount, then the VAT, and then nothing."""
    figures = wallet.figures
    if figures.ordered < figures.total:
        words = _(
            "Daarmee is nog niet alles betaald: je dienstverlener moet nog %(left)s krijgen. "
            "Ga naar je project en klik op “Ik betaal”."
        )
        return [words % {"left": _euro(figures.total - figures.ordered)}]
    if figures.paid < figures.total:
        words = _("De rest, %(left)s, is onderweg. Je krijgt daar nog een mail van.")
        return [words % {"left": _euro(figures.total - figures.paid)}]
    if not row.vat:
        return [_("Je dienstverlener rekent geen btw aan. Je hoeft dus niets meer te betalen.")]
    return [
        _("Betaal nu zelf nog de btw, rechtstreeks aan je dienstverlener:")
        + "\n"
        + "\n".join(
            [
                _("Bedrag: %(amount)s") % {"amount": _euro(row.vat)},
                _("Rekening: %(iban)s van %(holder)s")
                % {"iban": grouped_iban(provider.iban), "holder": provider.legal_name},
                _("Mededeling: %(reference)s")
                % {
                    "reference": ogm.pretty(reference)
                    if reference
                    else vat_reference(row.project_number or "")
                },
            ]
        ),
        _("De btw komt terug via je btw-aangifte als je ze mag aftrekken."),
    ]


def vat_reference(project_number: str) -> str:
    """What to write with the VAT when we don't know the invoice's own structured communication."""
    return _("die van de factuur, of anders %(number)s") % {"number": project_number}


def payment_bounced(desk: Desk, row: Application, *, payment: int, amount: Money) -> Letter:
    """The provider's bank sent a payment back."""
    return _letter(
        row,
        "payment_bounced",
        _("De betaling aan je dienstverlener kwam terug"),
        [
            _(
                "De bank van je dienstverlener stuurde %(amount)s terug. Het geld zit weer in je portefeuille. "
                "Vraag je dienstverlener of het rekeningnummer klopt en geef dan opnieuw je betaalopdracht."
            )
            % {"amount": _euro(amount)}
        ],
        to=desk.enterprise(row),
        once=str(payment),
    )


def stopped(desk: Desk, row: Application, *, refund: Money, returned: Money, lapsed: bool) -> Letter:
    """The application lapsed or was cancelled: what happens with the money in it."""
    first = (
        _(
            "Je eigen deel was niet volledig gestort op de uiterste dag. "
            "Je aanvraag voor “%(name)s” is daarom vervallen."
        )
        if lapsed
        else _("Je aanvraag voor “%(name)s” is geannuleerd.")
    ) % {"name": row.name}
    money = (
        _("We storten %(refund)s terug op je rekening. De overheid neemt haar deel van %(returned)s terug.")
        if refund
        else _("Er zat geen geld meer in je portefeuille. Je hoeft niets te doen.")
    ) % {"refund": _euro(refund), "returned": _euro(returned)}
    subject = _("Je aanvraag is vervallen") if lapsed else _("Je aanvraag is geannuleerd")
    return _letter(row, "lapsed" if lapsed else "cancelled", subject, [first, money], to=desk.enterprise(row))


def sent_back(desk: Desk, row: Application, *, payment: int, refund: Money, returned: Money) -> Letter:
    """A payment of an application that had stopped came back: what happens with the money."""
    return _letter(
        row,
        "sent_back",
        _("De betaling aan je dienstverlener kwam terug"),
        [
            _(
                "De bank van je dienstverlener stuurde %(amount)s terug. Je aanvraag voor “%(name)s” is gestopt. "
                "We storten daarom %(refund)s terug op je rekening. De overheid neemt haar deel van %(returned)s terug."
            )
            % {
                "amount": _euro(refund + returned),
                "name": row.name,
                "refund": _euro(refund),
                "returned": _euro(returned),
            }
        ],
        to=desk.enterprise(row),
        once=str(payment),
    )
