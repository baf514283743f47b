"""What the register tells an application, and what happens when it can't be asked."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings
from tests.world import ENTERPRISE, World

from portefeuille.applications import queries
from portefeuille.applications.facts import facts
from portefeuille.core.lifecycle import State
from portefeuille.register import models

ANSWERS = Path(__file__).parents[1] / "register" / "fixtures" / "live"
ANSWER = (ANSWERS / "GeefOnderneming_1998000258.xml").read_text(encoding="utf-8")


def recorded(settings: Settings, folder: Path, *changes: tuple[str, str]) -> None:
    """The look-up answers about the world's enterprise, with these changes."""
    text = ANSWER.replace("1998000258", ENTERPRISE)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / f"GeefOnderneming_{ENTERPRISE}.xml").write_text(text, encoding="utf-8")
    settings.LIVE_REGISTER = f"recorded:{folder}"


def open_rules(application: int) -> set[str]:
    last = queries.decisions(application)[-1].decision
    return {rule.rule for rule in last.rules if rule.verdict == "unknown"}


def test_while_the_look_up_is_down_nothing_is_decided(world: World, settings: Settings) -> None:
    settings.LIVE_REGISTER = "unreachable"
    application = world.apply()
    assert world.view(application).state is State.SUBMITTED
    assert open_rules(application) == {"active_in_register", "region_served", "brussels_works_in_flanders"}


def test_without_a_look_up_the_register_decides(world: World) -> None:
    assert world.view(world.apply()).state is State.APPROVED


def test_the_look_up_confirms_that_the_enterprise_is_active(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    recorded(settings, tmp_path)
    assert world.view(world.apply()).state is State.APPROVED


def test_the_look_up_has_the_last_word(world: World, settings: Settings, tmp_path: Path) -> None:
    recorded(settings, tmp_path, ("<Code>AC</Code>", "<Code>ST</Code>"))
    assert world.view(world.apply()).state is State.REFUSED


@pytest.mark.parametrize("damage", ["1998000159", "geen nummer"])
def test_an_answer_about_somebody_else_is_no_answer(
    world: World, settings: Settings, tmp_path: Path, damage: str
) -> None:
    recorded(settings, tmp_path, (ENTERPRISE, damage))
    assert world.view(world.apply()).state is State.SUBMITTED


def test_an_enterprise_that_ceased_is_refused_even_while_the_look_up_is_down(
    world: World, settings: Settings
) -> None:
    models.Enterprise.objects.filter(pk=ENTERPRISE).update(ceased_on=date(2026, 1, 4))
    settings.LIVE_REGISTER = "unreachable"
    assert world.view(world.apply()).state is State.REFUSED


def test_the_seat_of_a_natural_person_comes_from_the_look_up(
    world: World, settings: Settings, tmp_path: Path
) -> None:
    models.Enterprise.objects.filter(pk=ENTERPRISE).update(kind="1", legal_form="")
    models.Address.objects.filter(entity_number=ENTERPRISE).delete()

    def region() -> str | None:
        told = facts(ENTERPRISE, "gids", world.asked(), on=world.day)["enterprise"]["region"]
        assert told is None or isinstance(told, str)
        return told

    assert region() == "flanders"  # its establishment
    recorded(settings, tmp_path, ("<PostCode>9000", "<PostCode>5000"))
    assert region() == "wallonia"
    settings.LIVE_REGISTER = "unreachable"
    assert region() is None


def test_an_application_of_an_enterprise_with_codes_of_2025_only_waits_for_the_office(
    world: World, settings: Settings
) -> None:
    settings.SCHEME = "kmo-portefeuille"
    models.Activity.objects.filter(entity_number=ENTERPRISE).update(nace_version="2025", nace_code="10712")
    application = world.apply(nace_version="2025", nace_code="10712")
    assert world.view(application).state is State.SUBMITTED
    assert "activity_on_list" in open_rules(application)
    assert not open_rules(application) & {"activity_not_excluded", "activity_is_registered"}
