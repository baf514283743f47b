"""What templates may say of their own: components, amounts and dates in Belgian form.

The style guide (``/stijlgids`` in the demo) shows each component in each of its states, with the line that makes it.
``{% field form.name %}`` renders a form field with its label, hint and error; ``{% share_bar own subsidy total %}``
draws whose money fills a wallet; ``{% verdicts rules %}`` lists what a decision found. The filters ``euro``, ``day``,
``account``, ``kbo`` and ``reference`` write values as people in Belgium do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.core.paginator import Page
from django.forms import BoundField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portefeuille.core.calendar import BRUSSELS, in_words, legal_day
from portefeuille.core.formats import ogm
from portefeuille.core.identifiers import dotted, grouped_iban
from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.core.rules import Scheme
from portefeuille.web import static
from portefeuille.web.ui import icons
from portefeuille.web.ui.forms import MoneyInput
from portefeuille.web.ui.parts import AmountRow, Moment, Stage, Table, TransferLine
from portefeuille.web.ui.words import STATE_TONES, STATE_WORDS, VERDICT_WORDS, source_words

register = template.Library()

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
    return in_words(when).replace(" ", "\u00a0")


@register.filter
def unbroken(text: str) -> str:
    """Text in which no euro sign is parted from its amount at the end of a line."""
    return text.replace("€ ", "€\u00a0")


@register.filter
def moment(value: datetime) -> str:
    """``2 maart 2026, 10.05 uur``, by the clocks of Brussels."""
    return f"{day(value)}, {value.astimezone(BRUSSELS):%H.%M}\u00a0uur"


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
def lookup(table: dict[Any, Any], key: Any) -> Any:
    """A value of a table; nothing when it is not there."""
    return table.get(key)


TONES = ("info", "success", "warning", "error")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A pictogram in the colour of the words beside it."""
    return icons.drawing(name)


@register.simple_tag
def badge(state: State) -> SafeString:
    """A state as a badge: words and a shape, never colour alone."""
    return mark(STATE_WORDS[State(state)], STATE_TONES[State(state)])


@register.simple_tag
def mark(words: str, tone: str = "plain") -> SafeString:
    """Any other words as a badge; ``tone`` is plain, good, warn or bad, each with its own shape."""
    return format_html('<span class="badge badge-{}">{}</span>', tone, words)


@register.inclusion_tag("ui/crumbs.html")
def crumbs(*words_and_addresses: str) -> dict[str, Any]:
    """``{% crumbs "Mijn dossier" "/mijn-dossier" "Mijn project" "" %}``: words and addresses in turn."""
    pairs = zip(words_and_addresses[::2], words_and_addresses[1::2], strict=True)
    return {"crumbs": list(pairs)}


@register.inclusion_tag("ui/page_header.html")
def page_header(title: str, *words_and_addresses: str, lead: str = "") -> dict[str, Any]:
    """``{% page_header "Mijn project" "Mijn dossier" "/mijn-dossier" lead="..." %}``: the way here, and the title."""
    pairs = zip(words_and_addresses[::2], words_and_addresses[1::2], strict=True)
    return {"title": title, "lead": lead, "crumbs": [*pairs, (title, "")] if words_and_addresses else []}


@register.simple_block_tag
def notice(content: str, tone: str = "info", title: str = "") -> SafeString:
    """``{% notice "warning" title="Let op" %}<p>...</p>{% endnotice %}``; tones: info, success, warning, error."""
    if tone not in TONES:
        raise template.TemplateSyntaxError(f"a notice is one of {', '.join(TONES)}, not {tone}")
    head = format_html("<h2>{}</h2>", title) if title else ""
    return format_html('<div class="notice notice-{}"><div>{}{}</div></div>', tone, head, content)


@register.simple_block_tag
def nothing(content: str, title: str) -> SafeString:
    """``{% nothing "Nog geen mails" %}<p>...</p>{% endnothing %}``: what is not there yet, and how it will come."""
    return format_html('<div class="empty"><h2>{}</h2>{}</div>', title, content)


@register.inclusion_tag("ui/stat.html")
def stat(words: str, amount: Money | int | str, explanation: str = "") -> dict[str, Any]:
    """One big figure: Money is written in euros, anything else as it is."""
    return {
        "words": words,
        "amount": euro(amount) if isinstance(amount, Money) else amount,
        "explanation": explanation,
    }


@register.inclusion_tag("ui/amounts.html")
def amounts(rows: Iterable[AmountRow], caption: str = "") -> dict[str, Any]:
    """Amounts below each other, with whose money it is and a total."""
    return {"rows": list(rows), "caption": caption}


@register.inclusion_tag("ui/facts.html")
def facts(pairs: Iterable[tuple[str, object]]) -> dict[str, Any]:
    """Names and values beside each other; a value that is not there shows as a dash."""
    return {"pairs": list(pairs)}


@register.inclusion_tag("ui/table.html")
def table(shown: Table) -> dict[str, Any]:
    """Rows and columns, which become cards on a narrow screen."""
    return {"table": shown}


@register.inclusion_tag("ui/timeline.html")
def timeline(moments: Iterable[Moment]) -> dict[str, Any]:
    """What was, what is and what comes; what is lost is said in words too."""
    return {"moments": list(moments)}


@register.inclusion_tag("ui/steps.html")
def steps(stages: Iterable[Stage]) -> dict[str, Any]:
    """Where somebody is in a wizard."""
    return {"stages": list(stages)}


@register.inclusion_tag("ui/progress.html")
def progress(done: int, whole: int, words: str) -> dict[str, Any]:
    """How far something is, in a bar and in words."""
    return {"done": done, "whole": max(whole, 1), "words": words}


@register.inclusion_tag("ui/copy.html")
def copy(value: str, what: str) -> dict[str, Any]:
    """A button that copies; it appears only where the browser can."""
    return {"value": value, "what": what}


@register.inclusion_tag("ui/transfer.html")
def transfer(lines: Iterable[TransferLine]) -> dict[str, Any]:
    """What somebody needs to make a transfer, each with a button that copies it."""
    return {"lines": list(lines)}


@register.inclusion_tag("ui/qr.html")
def qr(drawing: str, words: str) -> dict[str, Any]:
    """A code to scan, on white whatever the colours of the page; ``drawing`` is SVG that our own code made."""
    return {"drawing": drawing, "words": words}


@register.inclusion_tag("ui/pages.html", takes_context=True)
def pages(context: dict[str, Any], page: Page) -> dict[str, Any]:
    """Earlier and later pages of a list; what else the address asks for stays."""
    request: HttpRequest = context["request"]

    def address(number: int) -> str:
        asked = request.GET.copy()
        asked["pagina"] = str(number)
        return f"?{asked.urlencode()}"

    return {
        "page": page,
        "earlier": address(page.previous_page_number()) if page.has_previous() else "",
        "later": address(page.next_page_number()) if page.has_next() else "",
    }


@register.inclusion_tag("ui/verdicts.html")
def verdicts(rules: Iterable[Any], scheme: Scheme | None = None) -> dict[str, Any]:
    """What a decision found, rule by rule; with the scheme also where each rule comes from."""
    shown = list(rules)
    if scheme is None:
        return {"lines": [(rule, "") for rule in shown]}
    titles = scheme.source_titles(source for rule in shown for source in rule.sources)
    return {"lines": [(rule, source_words(rule.sources, titles)) for rule in shown], "with_sources": True}


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
    kind = _kind(widget)
    if described and kind != "choices":
        widget.attrs["aria-describedby"] = described
    if bound.errors:
        widget.attrs["aria-invalid"] = "true"
    return {"field": bound, "kind": kind, "described": described, "options": _options(bound, kind)}


def _kind(widget: forms.Widget) -> str:
    kinds = ((forms.RadioSelect, "choices"), (forms.CheckboxInput, "check"), (MoneyInput, "money"))
    return next((kind for type_, kind in kinds if isinstance(widget, type_)), "plain")


def _options(bound: BoundField, kind: str) -> list[dict[str, Any]]:
    if kind != "choices":
        return []
    chosen = str(bound.value() or "")
    hints = getattr(bound.field, "hints", {})
    return [
        {"value": value, "words": words, "hint": hints.get(value, ""), "is_chosen": str(value) == chosen}
        for value, words in bound.field.choices
    ]
