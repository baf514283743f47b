"""The table of permissions: whose own it must be, how sure the sign-in, how fresh the proof."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portefeuille.core.errors import NotAllowed, ProofNeeded, StrongerSignInNeeded
from portefeuille.identity.roles import (
    FOR_AN_ENTERPRISE,
    OF_A_PROVIDER,
    OF_THE_PLATFORM,
    PERMISSIONS,
    PROOF_LASTS,
    Actor,
    Assurance,
    Role,
)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
OWN, OTHER = "1998000159", "1998000258"


def actor(role: Role, **more: object) -> Actor:
    scope: dict[str, object] = {}
    if role in FOR_AN_ENTERPRISE:
        scope = {"enterprise": OWN}
    elif role in OF_A_PROVIDER:
        scope = {"provider": 1}
    return Actor(role=role, person_id=1, **{**scope, "assurance": Assurance.HIGH, **more})  # type: ignore[arg-type]


def test_every_role_belongs_to_exactly_one_group() -> None:
    groups = (FOR_AN_ENTERPRISE, OF_A_PROVIDER, OF_THE_PLATFORM, {Role.SYSTEM, Role.NEWCOMER})
    assert sorted(role for group in groups for role in group) == sorted(Role)


@pytest.mark.parametrize("role", sorted(FOR_AN_ENTERPRISE))
@pytest.mark.parametrize("verb", sorted(PERMISSIONS))
def test_nobody_acts_for_an_enterprise_that_is_not_theirs(role: Role, verb: str) -> None:
    one = actor(role)
    assert one.may(verb, enterprise=OWN) == (role in PERMISSIONS[verb].roles)
    assert not one.may(verb, enterprise=OTHER)
    assert not one.may(verb)
    assert not actor(role, enterprise="").may(verb, enterprise="")


@pytest.mark.parametrize("role", sorted(OF_A_PROVIDER))
@pytest.mark.parametrize("verb", sorted(PERMISSIONS))
def test_nobody_acts_for_a_provider_that_is_not_theirs(role: Role, verb: str) -> None:
    one = actor(role)
    assert one.may(verb, provider=1) == (role in PERMISSIONS[verb].roles)
    assert not one.may(verb, provider=2)
    assert not actor(role, provider=None).may(verb, provider=None)


def test_the_auditor_and_the_help_desk_change_nothing() -> None:
    for verb, permission in PERMISSIONS.items():
        if permission.roles & {Role.AUDITOR, Role.HELP_DESK}:
            assert verb.startswith("see_"), verb


@pytest.mark.parametrize("verb", sorted(PERMISSIONS))
def test_a_sign_in_that_is_too_weak_is_told_how_strong_it_must_be(verb: str) -> None:
    wanted = PERMISSIONS[verb].assurance
    role = sorted(PERMISSIONS[verb].roles)[0]
    for level in Assurance:
        one = actor(role, assurance=level, proved_at=NOW)
        if level >= wanted:
            one.must(verb, enterprise=OWN, provider=1, at=NOW)
            continue
        with pytest.raises(StrongerSignInNeeded) as refused:
            one.must(verb, enterprise=OWN, provider=1, at=NOW)
        assert refused.value.level == wanted


def test_to_see_takes_the_weakest_sign_in_and_to_act_a_stronger_one() -> None:
    for verb, permission in PERMISSIONS.items():
        # A draft binds nobody; and whoever is known may always say who they are, or that a card is lost.
        looks = verb.startswith("see_") or verb in {"apply", "manage_oneself"}
        assert (permission.assurance is Assurance.LOW) == looks, verb


@pytest.mark.parametrize(
    ("age", "holds"),
    [
        (timedelta(0), True),
        (PROOF_LASTS, True),
        (PROOF_LASTS + timedelta(seconds=1), False),
        (-timedelta(seconds=1), False),
    ],
)
def test_money_is_ordered_within_a_quarter_of_an_hour_of_the_proof(age: timedelta, holds: bool) -> None:
    one = actor(Role.ENTREPRENEUR, proved_at=NOW - age)
    if holds:
        one.must("order_payment", enterprise=OWN, at=NOW)
        return
    with pytest.raises(ProofNeeded):
        one.must("order_payment", enterprise=OWN, at=NOW)


def test_without_an_instant_or_a_proof_nothing_is_fresh() -> None:
    with pytest.raises(ProofNeeded):
        actor(Role.ENTREPRENEUR, proved_at=NOW).must("order_payment", enterprise=OWN)
    with pytest.raises(ProofNeeded):
        actor(Role.ENTREPRENEUR).must("order_payment", enterprise=OWN, at=NOW)


def test_whose_it_is_comes_before_how_sure_we_are() -> None:
    with pytest.raises(NotAllowed) as refused:
        actor(Role.ENTREPRENEUR, assurance=Assurance.LOW).must("submit", enterprise=OTHER)
    assert type(refused.value) is NotAllowed
