"""What happened to an application, line by line: what, by whom, with which amounts, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portefeuille.core.identifiers import dotted
from portefeuille.history.queries import Past
from portefeuille.identity import queries as identity
from portefeuille.register import queries as register
from portefeuille.web.ui.tags import decimal_euro
from portefeuille.web.ui.words import ROLE_WORDS, VERB_WORDS

# For a verb, the amounts to tell: their names among the event's facts, and the words around them.
_AMOUNTS = {
    "approve": [
        ("own_share", gettext_lazy("eigen deel %(amount)s")),
        ("subsidy", gettext_lazy("deel van de overheid %(amount)s")),
    ],
    "deposit": [
        ("deposit", gettext_lazy("%(amount)s van de onderneming")),
        ("top_up", gettext_lazy("%(amount)s van de overheid erbij")),
    ],
    "order_payment": [("amount", gettext_lazy("%(amount)s aan de dienstverlener"))],
    "bank_paid": [("amount", gettext_lazy("%(amount)s"))],
    "payment_bounced": [("amount", gettext_lazy("%(amount)s terug in de portefeuille"))],
    "cancel": [
        ("refund", gettext_lazy("%(amount)s terug naar de onderneming")),
        ("returned", gettext_lazy("%(amount)s terug naar de overheid")),
    ],
}
_AMOUNTS["lapse"] = _AMOUNTS["send_back"] = _AMOUNTS["cancel"]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened, in words."""

    what: str
    who: str
    at: datetime
    amounts: str
    reason: str


def lines_of(events: Iterable[Past], *, whose: str) -> list[Line]:
    """Oldest first, as they came, in a fixed number of queries. ``whose`` is the enterprise's name."""
    known = list(events)
    names = _Names.of(known, whose)
    return [
        Line(str(VERB_WORDS[one.verb]), names.who(one), one.at, _amounts(one), one.reason) for one in known
    ]


@dataclass(frozen=True, slots=True)
class _Names:
    """Whose application it is, who acted by a mandate, and from which office."""

    whose: str
    people: Mapping[int, str]
    offices: Mapping[int, str]

    @classmethod
    def of(cls, events: Sequence[Past], whose: str) -> _Names:
        by_mandate = [one for one in events if one.mandate is not None]
        numbers = identity.offices_of({one.mandate for one in by_mandate if one.mandate})
        firms = register.names(set(numbers.values()))
        return cls(
            whose=whose,
            people=identity.names_of({one.person_id for one in by_mandate if one.person_id}),
            offices={mandate: firms.get(number, dotted(number)) for mandate, number in numbers.items()},
        )

    def who(self, event: Past) -> str:
        """A decision that fell while somebody submitted was made by the rules, not by that person."""
        if is_by_the_rules(event.verb, event.role):
            return _("volgens de regels")
        if event.mandate is None:
            return str(ROLE_WORDS[event.role])
        return _("namens %(whom)s, door %(who)s (%(office)s)") % {
            "whom": self.whose,
            "who": self.people.get(event.person_id or 0, ""),
            "office": self.offices.get(event.mandate, ""),
        }


def is_by_the_rules(verb: str, role: str) -> bool:
    """Whether the rules decided, and not the person who happened to submit."""
    return verb in {"approve", "refuse"} and role != "office"


def _amounts(event: Past) -> str:
    facts: dict[str, Any] = event.facts
    told = [
        str(words) % {"amount": decimal_euro(facts[name])}
        for name, words in _AMOUNTS.get(event.verb, [])
        if facts.get(name) not in (None, "0.00")
    ]
    return ", ".join(told)
