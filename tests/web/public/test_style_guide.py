"""The style guide shows every component, and none that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

from django.test import Client
from tests.web.test_public import BARE_PERCENTAGE, text_of

from portefeuille.core.lifecycle import State
from portefeuille.web import static
from portefeuille.web.public.style_guide import COLOURS
from portefeuille.web.ui import icons, tags
from portefeuille.web.ui.words import STATE_WORDS

TEMPLATE = Path(tags.__file__).parents[1] / "templates" / "public" / "style_guide.html"
NOT_COMPONENTS = {"asset"}


def test_every_component_is_on_it() -> None:
    used = set(re.findall(r"{%\s*(\w+)", TEMPLATE.read_text(encoding="utf-8")))
    # The trail of crumbs is part of a page header, and is still used by itself.
    assert set(tags.register.tags) - NOT_COMPONENTS - used == {"crumbs"}


def test_every_state_icon_and_colour_is_on_it(visitor: Client) -> None:
    answer = visitor.get("/stijlgids")
    assert answer.status_code == 200
    told = text_of(answer)
    for words in (*STATE_WORDS.values(), *icons.names(), *COLOURS):
        assert str(words) in told
    assert len(STATE_WORDS) == len(State)
    assert not BARE_PERCENTAGE.search(told)


def test_its_colours_are_those_of_the_tokens() -> None:
    tokens = (static.ASSETS / "css" / "tokens.css").read_text(encoding="utf-8")
    light, dark = tokens.split("prefers-color-scheme: dark")
    for part in (light, dark):
        assert set(COLOURS) - set(re.findall(r"--([\w-]+): #", part)) == set()


def test_style_sheets_name_only_tokens_and_files_that_exist() -> None:
    folder = static.ASSETS / "css"
    known = set(re.findall(r"--([\w-]+):", "".join(path.read_text() for path in folder.glob("*.css"))))
    for path in folder.glob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"var\(--([\w-]+)\)", text)) <= known
        for name in re.findall(r"url\(\"([^\"]+)\"\)", text):
            assert (folder / name).is_file(), name
        if path.name != "tokens.css":
            assert not set(re.findall(r"#[0-9a-f]{6}\b", text)) - {"#1d2b2a", "#ffffff", "#f3f7f6", "#2b1a03"}
