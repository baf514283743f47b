"""The guide's story as a command: what it prints, what it proves, and that it can fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
from tests.cli.commands import ROOT, kmo

from portefeuille.story import gids, telling
from portefeuille.wallet.models import Wallet


def test_the_story_as_json_and_nothing_else_on_standard_output() -> None:
    done = kmo("story", "gids", "--json")
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert set(told) == {"steps", "laws", "totals"}
    assert told["totals"] == {
        "own_share": "6000.00",
        "subsidy": "4000.00",
        "paid_to_provider": "10000.00",
        "vat_due_directly": "2100.00",
    }
    assert all(law["holds"] for law in told["laws"])
    assert {law["law"].split()[0] for law in told["laws"]} == {
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "9",
        "10",
    }
    assert all(list(step) == ["date", "actor", "did", "amounts"] for step in told["steps"])
    assert all(list(law) == ["law", "holds"] for law in told["laws"])
    amounts = [amount for step in told["steps"] for amount in step["amounts"].values()]
    assert all(re.fullmatch(r"[0-9]+\.[0-9]{2}", amount) for amount in amounts)
    assert [step["date"] for step in told["steps"]] == sorted(step["date"] for step in told["steps"])


@pytest.fixture
def told(db: None) -> telling.Story:
    return gids.play()


def test_each_scene_of_the_guide_is_told(told: telling.Story) -> None:
    text = "\n".join(telling.lines(told))
    for words in (
        "held € 6.666,66",
        "nog € 2.000,00 te storten",
        "tikfout",
        "top up € 1.333,34",
        "betaalbestand met 2 betalingen",
        "vat due directly € 2.100,00",
        "is afgerond",
    ):
        assert words in text
    assert told.holds


def test_a_story_with_a_broken_law_does_not_hold(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def tamper(story: gids.GuideStory) -> None:
        Wallet.objects.filter(pk=story.training).update(
            is_open=False
        )  # the budget's law counts open wallets whole

    real = gids.GuideStory._check_the_laws

    def check(story: gids.GuideStory) -> None:
        tamper(story)
        Wallet.objects.filter(pk=story.training).update(paid_cents=1)
        real(story)

    monkeypatch.setattr(gids.GuideStory, "_check_the_laws", check)
    told = gids.play()
    assert not told.holds
    assert "GEBROKEN" in "\n".join(telling.lines(told))


# The command itself, in whose story somebody lays hands on the books just before the laws are checked.
PROGRAM = """
import sys
from portefeuille.cli.main import main

def then(*words):
    import portefeuille.cli.story as command
    real = command._play
    def play(url):
        from portefeuille.story.gids import GuideStory
        check = GuideStory._check_the_laws
        def tampered(story):
            from portefeuille.wallet.models import Wallet
            Wallet.objects.filter(pk=story.training).update(paid_cents=1)
            check(story)
        GuideStory._check_the_laws = tampered
        return real(url)
    command._play = play
    return main(list(words))

sys.exit(then("story", "gids", "--json"))
"""


def test_the_command_ends_with_1_when_a_law_is_broken_and_still_tells_the_story() -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("KMO_", "DJANGO_"))
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr.decode()
    told = json.loads(done.stdout)
    assert [law["law"] for law in told["laws"] if not law["holds"]]
    assert told["totals"]["paid_to_provider"] == "10000.00"


def test_what_the_guide_says_is_told_in_euro(told: telling.Story) -> None:
    steps = [step.as_dict() for step in told.steps]
    first = next(step for step in steps if "stap 2" in step["did"])
    assert first["amounts"] == {
        "deposit": "4000.00",
        "top_up": "2666.66",
        "wallet_own_share": "4000.00",
        "wallet_subsidy": "2666.66",
        "wallet_held": "6666.66",
    }
    mail = next(step for step in steps if "nog € 2.000,00 te storten" in step["did"])
    assert mail["amounts"] == {"still_due": "2000.00"}


def test_a_story_that_checked_nothing_proves_nothing() -> None:
    assert not telling.Story("leeg").holds
