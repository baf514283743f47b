from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from portefeuille.core.enterprise_size import Figures, Related
from portefeuille.core.errors import Invalid, NotAllowed, StrongerSignInNeeded
from portefeuille.core.money import Money
from portefeuille.history.queries import events_of
from portefeuille.identity.operations.save_profile import Group, save_profile
from portefeuille.identity.queries import has_profile, profile
from portefeuille.identity.roles import Actor, Assurance, Role

pytestmark = pytest.mark.django_db

NUMBER = "1998000159"
OWNER = Actor(role=Role.ENTREPRENEUR, person_id=1, enterprise=NUMBER, assurance=Assurance.SUBSTANTIAL)
TOLD: dict[str, Any] = {
    "iban": "BE59 9990 0111 1126",
    "email": "an@voorbeeld.example",
    "size": "small",
    "turnover": Money(25_000_050),
}


def save(actor: Actor = OWNER, **told: Any) -> None:
    save_profile(actor=actor, enterprise=NUMBER, **{**TOLD, **told})


def test_a_profile_is_kept_and_can_be_changed() -> None:
    assert not has_profile(NUMBER)
    save()
    assert has_profile(NUMBER)
    assert profile(NUMBER).iban == "BE59999001111126"
    save(size="medium", turnover=Money.ZERO)
    assert (profile(NUMBER).size, profile(NUMBER).turnover) == ("medium", Money.ZERO)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"iban": "BE60999001111126"}, "iban"),
        ({"email": "an@voorbeeld"}, "email"),
        ({"size": "huge"}, "size"),
        ({"turnover": Money(-1)}, "turnover"),
        ({"financial_year_starts": "31-02"}, "financial_year_starts"),
        ({"financial_year_ends": "1-7"}, "financial_year_ends"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(told: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(**told)
    assert refused.value.field == field
    assert not has_profile(NUMBER)


def test_a_financial_year_may_end_on_leap_day() -> None:
    save(financial_year_starts="01-03", financial_year_ends="29-02")
    assert has_profile(NUMBER)


def test_another_account_takes_the_surest_sign_in() -> None:
    save()
    save(size="medium")
    with pytest.raises(StrongerSignInNeeded) as refused:
        save(iban="BE29999010000164")
    assert refused.value.level is Assurance.HIGH
    assert profile(NUMBER).iban == "BE59999001111126"
    save(actor=replace(OWNER, assurance=Assurance.HIGH), iban="BE29999010000164")
    assert profile(NUMBER).iban == "BE29999010000164"


def test_a_weak_sign_in_may_look_but_not_tell() -> None:
    with pytest.raises(StrongerSignInNeeded):
        save(actor=replace(OWNER, assurance=Assurance.LOW))


GROUP = Group(
    people_hundredths=1250,
    balance_total=Money(10_000_000),
    related=[("Zusterfirma", Related("linked", Figures(4000, Money(5_000_000), Money(1_000_000))))],
)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_the_figures_of_the_group_are_kept_with_the_size_that_was_confirmed() -> None:
    save(size="medium", group=GROUP, turnover_is_expected=True, at=NOW)
    told = profile(NUMBER)
    assert (told.size, told.turnover_is_expected, told.people_hundredths) == ("medium", True, 1250)
    [related] = told.related
    assert (related.name, related.tie, related.people_hundredths) == ("Zusterfirma", "linked", 4000)
    [saved] = events_of("enterprise", int(NUMBER))
    assert (saved.verb, saved.facts) == ("save_profile", {"size": "medium", "proposed": "medium"})


def test_another_size_than_the_figures_make_needs_a_reason() -> None:
    with pytest.raises(Invalid) as refused:
        save(size="small", group=GROUP)
    assert refused.value.field == "size_reason"
    assert not has_profile(NUMBER)
    save(size="small", group=GROUP, size_reason="Pas dit jaar boven de grens.")
    assert profile(NUMBER).size_reason == "Pas dit jaar boven de grens."


@pytest.mark.parametrize(
    ("group", "field"),
    [(Group(-1, Money.ZERO), "people"), (Group(0, Money(-1)), "balance_total")],
)
def test_figures_are_not_negative(group: Group, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save(group=group)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "actor",
    [
        Actor(role=Role.ENTREPRENEUR, person_id=2, enterprise="1998000258"),
        Actor(role=Role.OFFICE, person_id=3),
        Actor(role=Role.PROVIDER, person_id=4, provider=1),
    ],
)
def test_only_the_enterprise_itself_and_the_platform_may_save_it(actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        save(actor=actor)
    save(actor=Actor.system())
    assert has_profile(NUMBER)
