"""What the values in a rule stand for: units, and the choices that the field knows, each with its English
word.

Rules compute on integers and booleans only. ``spoken`` and ``coded`` translate between such a value and its
form in JSON: a day is an ordinal here and ``2026-03-02`` there, an amount is cents here and ``"4000.00"``
there.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum, StrEnum

from portefeuille.core.money import Money

type Value = int | bool | str
type Spoken = str | int | bool | list[str] | None

# Days outside any calendar in use: a recognition that never began, or one without an end.
NEVER_BEGAN = date.max.toordinal()
NO_END = date.max.toordinal()
ALREADY_ENDED = date.min.toordinal()


class Unit(StrEnum):
    """The unit of a value."""

    CENTS = "euro"
    DAY = "day"
    DAYS = "days"
    YEARS = "years"
    BASIS_POINTS = "basis_points"
    FLAG = "flag"
    CHOICE = "choice"
    SET = "set"
    COUNT = "count"
    WORD = "word"


class Choice(IntEnum):
    """A choice out of a list; its code is a small integer, its word the name in lower case."""

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def words(cls) -> tuple[str, ...]:
        """All words of this list, in the order of their codes."""
        return tuple(member.word for member in cls)

    @classmethod
    def of(cls, word: str) -> int:
        """The code of a word; KeyError when the list does not have it."""
        return cls[word.upper()].value


class EnterpriseKind(Choice):
    """Who asks: a self-employed person, a company, or somebody without an enterprise."""

    SELF_EMPLOYED = 1
    COMPANY = 2
    NOT_SELF_EMPLOYED = 3


class Size(Choice):
    """The European size class of the enterprise, its group included; micro is small."""

    SMALL = 1
    MEDIUM = 2
    LARGE = 3


class Region(Choice):
    """Where the seat of the enterprise is."""

    FLANDERS = 1
    BRUSSELS = 2
    WALLONIA = 3
    NETHERLANDS = 4
    OTHER = 5


class Service(Choice):
    """What is bought."""

    TRAINING = 1
    ADVICE = 2


class Form(Choice):
    """How a training is given."""

    CLASSROOM = 1
    IN_HOUSE = 2
    DISTANCE_LIVE = 3
    ONLINE = 4


class Theme(Choice):
    """The theme of the service. Cybersecurity and energy efficiency are named apart because they have their
    own rate.
    """

    BUSINESS_STRATEGY = 1
    JOB_SPECIFIC_SKILLS = 2
    DIGITALISATION = 3
    SUSTAINABILITY = 4
    FINANCIAL_LITERACY = 5
    INNOVATION = 6
    INTERNATIONALISATION = 7
    PERSONNEL_MANAGEMENT = 8
    CYBERSECURITY = 9
    ENERGY_EFFICIENCY = 10
    OTHER = 11


class Tie(Choice):
    """What ties a person to the enterprise."""

    SELF_EMPLOYED_OR_MANAGER = 1
    PAYROLL = 2
    ASSISTING = 3
    NONE = 4


class Subject(Choice):
    """Subjects that some regimes exclude by name; ``none_of_these`` is any other subject."""

    NONE_OF_THESE = 1
    SHIATSU = 2
    MINDFULNESS = 3
    REFLEXOLOGY = 4
    ASTROLOGY = 5
    INSIGHTS_DISCOVERY = 6
    MYERS_BRIGGS = 7
    NEURO_LINGUISTIC_PROGRAMMING = 8
    EXAM = 9
    MERIDIANS = 10
    HYPNOSIS = 11
    DRIVING_LICENCE = 12
    PILOT_LICENCE = 13
    SUBSCRIPTION_WITHOUT_CONTENT = 14
    TEAM_BUILDING = 15
    NETWORKING = 16
    STUDY_TRIP = 17
    BACH_FLOWERS = 18
    SHAMANISM = 19
    PENDULUM = 20
    CARD_READING = 21
    WALKING_COACHING = 22
    BOATING_LICENCE = 23


class Listing(Choice):
    """What a list says of an activity or a legal form: in, out, or that a person must look."""

    ACCEPTED = 1
    REFUSED = 2
    REVIEW = 3


CHOICES: dict[str, type[Choice]] = {
    "enterprise_kind": EnterpriseKind,
    "size": Size,
    "region": Region,
    "service": Service,
    "form": Form,
    "theme": Theme,
    "tie": Tie,
    "subject": Subject,
    "listing": Listing,
}


def spoken(value: Value | None, unit: Unit, choices: type[Choice] | None = None) -> Spoken:
    """The value as JSON shows it; None for what is unknown and for a day that never comes."""
    if value is None:
        return None
    if isinstance(value, str) or unit in (Unit.DAYS, Unit.YEARS, Unit.COUNT):
        return value
    if unit is Unit.FLAG:
        return bool(value)
    if unit is Unit.CENTS:
        return str(Money(value))
    if unit is Unit.BASIS_POINTS:
        return str(Money(value))  # hundredths of a percent are written like hundredths of a euro: 40.00
    if unit is Unit.DAY:
        return None if value in (NO_END, ALREADY_ENDED) else date.fromordinal(value).isoformat()
    assert choices is not None
    if unit is Unit.CHOICE:
        return choices(value).word
    return [member.word for member in choices if (value >> member) & 1]


def coded(raw: object, unit: Unit, choices: type[Choice] | None = None) -> Value:
    """The value that a TOML or JSON figure stands for. Raises ValueError, KeyError or TypeError when it is
    none.
    """
    match unit, raw:
        case (Unit.FLAG, bool(value)) | (Unit.WORD, str(value)):
            return value
        case ((Unit.CENTS | Unit.BASIS_POINTS), str()):
            return Money.euros(raw).cents
        case ((Unit.DAYS | Unit.YEARS | Unit.COUNT), int()) if not isinstance(raw, bool):
            return raw
        case Unit.CHOICE, str() if choices is not None:
            return choices.of(raw)
        case Unit.SET, list() if choices is not None:
            return sum(1 << choices.of(word) for word in dict.fromkeys(raw))
    raise TypeError(f"{raw!r} is not a {unit}")
