"""What templates may say of their own: components, amounts and dates in Belgian form.

``{% field form.name %}`` renders a form field with its label, hint and error. ``{% share_bar own subsidy total %}``
draws whose money fills a wallet. ``{% verdicts rules %}`` lists what a decision found. The filters ``euro``, ``day``,
``account``, ``kbo`` and ``reference`` write values as people in Belgium do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.safestring import SafeString, mark_safe

from portefeuille.core.calendar import legal_day
from portefeuille.core.formats import ogm
from portefeuille.core.identifiers import dotted, grouped_iban
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.web import static
from portefeuille.web.ui.forms import MoneyInput
from portefeuille.web.ui.words import STATE_TONES, STATE_WORDS, VERDICT_WORDS

register = template.Library()

MONTHS = (
    "januari februari maart april mei juni juli augustus september oktober november december".split()  # noqa: SIM905
)
BAR_WIDTH = 1000


@register.simple_tag
def asset(name: str) -> str:
    """The address of a style sheet, script or picture."""
    return static.address(name)


@register.filter
def euro(amount: Money | int) -> str:
    """``€ 1.250,00``, with a space that does not break."""
    money = amount if isinstance(amount, Money) else Money(amount)
    return f"€\u00a0{money.belgian}"


@register.filter
def decimal_euro(text: str) -> str:
    """``€ 1.250,00`` for an amount in a program's notation (``1250.00``)."""
    return euro(Money.euros(text))


@register.filter
def day(value: date | datetime | None) -> str:
    """``2 maart 2026``."""
    if value is None:
        return ""
    when = legal_day(value) if isinstance(value, datetime) else value
    return f"{when.day}\u00a0{MONTHS[when.month - 1]}\u00a0{when.year}"


@register.filter
def account(iban: str) -> str:
    """``BE68 5390 0754 7034``, with spaces that do not break."""
    return grouped_iban(iban).replace(" ", "\u00a0")


@register.filter
def kbo(number: str) -> str:
    """``0123.456.749``."""
    return dotted(number)


@register.filter
def reference(digits: str) -> str:
    """``+++123/4567/89002+++``."""
    return ogm.pretty(digits)


@register.filter
def slug(words: str) -> str:
    """Words as a class name: ``not met`` is ``not-met``."""
    return str(words).replace(" ", "-").replace("_", "-")


@register.filter
def verdict_words(verdict: str) -> str:
    """A verdict in Dutch."""
    return VERDICT_WORDS[str(verdict)]


@register.filter
def state_words(state: State) -> str:
    """A state in Dutch."""
    return STATE_WORDS[State(state)]


@register.filter
def lookup(table: dict[Any, Any], key: Any) -> Any:
    """A value of a table; nothing when it is not there."""
    return table.get(key)


@register.simple_tag
def badge(state: State) -> SafeString:
    """A state as a badge: words and a shape, never colour alone."""
    tone = STATE_TONES[State(state)]
    return mark_safe(f'<span class="badge badge-{tone}">{STATE_WORDS[State(state)]}</span>')  # noqa: S308 - our words


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*words_and_addresses: str) -> dict[str, Any]:
    """``{% crumbs "Mijn dossier" "/mijn-dossier" "Mijn project" "" %}``: words and addresses in turn."""
    pairs = zip(words_and_addresses[::2], words_and_addresses[1::2], strict=True)
    return {"crumbs": list(pairs)}


@register.inclusion_tag("ui/verdicts.html")
def verdicts(rules: Iterable[Any], with_sources: bool = False) -> dict[str, Any]:
    """What a decision found, rule by rule."""
    return {"rules": list(rules), "with_sources": with_sources}


@register.inclusion_tag("ui/share_bar.html")
def share_bar(own: Money, subsidy: Money, total: Money) -> dict[str, Any]:
    """How far a wallet is filled, and by whom."""
    whole = max(total.cents, 1)
    return {
        "own": own.cents * BAR_WIDTH // whole,
        "subsidy": subsidy.cents * BAR_WIDTH // whole,
        "words": f"€ {own.belgian} van de onderneming en € {subsidy.belgian} van de overheid, van € {total.belgian}",
    }


@register.inclusion_tag("ui/field.html")
def field(bound: BoundField) -> dict[str, Any]:
    """A form field with its label, hint, widget and error."""
    widget = bound.field.widget
    described = " ".join(
        f"{bound.auto_id}-{part}"
        for part, is_there in (("hint", bound.help_text), ("error", bound.errors))
        if is_there
    )
    kind = "plain"
    if isinstance(widget, forms.RadioSelect):
        kind = "choices"
    elif isinstance(widget, forms.CheckboxInput):
        kind = "check"
    elif isinstance(widget, MoneyInput):
        kind = "money"
    if described and kind != "choices":
        widget.attrs["aria-describedby"] = described
    if bound.errors:
        widget.attrs["aria-invalid"] = "true"
    return {"field": bound, "kind": kind, "described": described, "options": _options(bound, kind)}


def _options(bound: BoundField, kind: str) -> list[dict[str, Any]]:
    if kind != "choices":
        return []
    chosen = str(bound.value() or "")
    hints = getattr(bound.field, "hints", {})
    return [
        {"value": value, "words": words, "hint": hints.get(value, ""), "is_chosen": str(value) == chosen}
        for value, words in bound.field.choices
    ]
