from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def said(command: str) -> list[str]:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().splitlines()


def test_loading_says_what_the_world_holds() -> None:
    assert said("load_demo_world") == ["demo world: 15 enterprises, of which 4 providers; 19 people"]


def test_people_are_told_one_line_per_capacity() -> None:
    said("load_demo_world")
    lines = said("demo_people")
    assert "Lien Maes, ondernemer, voor Houtatelier Vonk" in lines
    assert "Sofie Jacobs, dienstverlener, voor Groeiwerk" in lines
    assert "Tom De Wilde, financieel beheerder, voor het platform" in lines
    assert "Greet Van Damme, dossierbehandelaar, voor het platform" in lines
    assert len([line for line in lines if line.startswith("Els Wouters, ondernemer, voor ")]) == 5
    assert len(lines) == 23


def test_nobody_can_sign_in_before_the_world_is_loaded() -> None:
    assert said("demo_people") == []
