"""What comes out of the envelope: each letter as PDF and as a picture, with short names and with the longest."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typst
from pypdf import PdfReader

from portefeuille.activation import letters
from portefeuille.activation.models import Activation
from portefeuille.post import pdf
from portefeuille.signin.codes import new_codes
from portefeuille.signin.models import CodeCard
from portefeuille.signin.operations import write_card

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PICTURES = Path(os.environ.get("KMO_PICTURES", Path(__file__).parents[1] / "journeys" / "pictures")) / "paper"
MM = 72 / 25.4
LEFT, TOP, RIGHT, BOTTOM = 110 * MM, 45 * MM, 195 * MM, 88 * MM  # what the window of the envelope shows

SHORT = ("Nora Peeters", "Bakkerij Korst", "Teststraat 1", "9000 Gent")
LONG = (
    "Maria-Magdalena Theodora Van Cauwenberghe-Vandenbroucke",
    "Coöperatieve Vennootschap voor Sociale Tewerkstelling en Duurzame Renovatie van het Meetjesland",
    "Burgemeester Karel Lodewijk Ledeganckplein-Noord 1234 bus 0056",
    "9930 Lievegem",
)


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Every page that is made, as a picture too."""
    pictures: list[bytes] = []

    def render(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
        folder = Path(pdf.__file__).parent
        page = typst.compile(
            folder / "templates" / f"{template}.typ",
            root=folder,
            font_paths=[folder / "fonts"],
            format="png",
            ppi=110,
            sys_inputs={"data": json.dumps(data)},
        )
        pictures.append(page if isinstance(page, bytes) else page[0])
        return pdf.render(template, data, at=at)

    monkeypatch.setattr(letters, "render", render)
    monkeypatch.setattr(write_card, "render", render)
    return pictures


def keep(name: str, picture: bytes) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"{name}.png").write_bytes(picture)
    assert picture.startswith(b"\x89PNG")


def placed(paper: bytes) -> list[tuple[float, float, str]]:
    """Every piece of text of the only page: how far from its left and from its top, in points."""
    (page,) = PdfReader(io.BytesIO(paper)).pages
    found: list[tuple[float, float, str]] = []

    def note(text: str, cm: list[float], tm: list[float], _font: Any, _size: Any) -> None:
        if text.strip():
            x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
            y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
            found.append((x, float(page.mediabox.height) - y, text.strip()))

    page.extract_text(visitor_text=note)
    return found


def behind_the_window(paper: bytes) -> str:
    """What is read through the window, where nothing else may stand."""
    seen = [one for one in placed(paper) if TOP < one[1] < BOTTOM]
    assert all(LEFT - 1 <= x < RIGHT for x, _y, _text in seen), seen
    read = " ".join(" ".join(text for _x, _y, text in seen).split())
    return read.replace("- ", "-")  # a line may end at a hyphen


@pytest.mark.parametrize(("name", "who"), [("activation", SHORT), ("activation-long", LONG)])
def test_the_letter_with_the_code(drawn: list[bytes], name: str, who: tuple[str, ...]) -> None:
    person, firm, *address = who
    row = Activation(pk=1, person_id=1, enterprise_number="1999100120", expires_at=AT.replace(month=4))
    letter = letters.activation_letter(
        row, code="K7QF2M9XHT4C", envelope=[firm, *address], person=person, enterprise=firm, at=AT
    )
    keep(name, drawn[-1])
    assert behind_the_window(letter.pdf) == " ".join([firm, f"t.a.v. {person}", *address])
    told = " ".join(" ".join(text for _x, _y, text in placed(letter.pdf)).split())
    for words in ("K7QF-2M9X-HT4C", "2 maart 2026", "Of scan dit", "/activeren", "1700", "2 april 2026"):
        assert words in told, words


@pytest.mark.parametrize(("name", "who"), [("code-card", SHORT), ("code-card-long", LONG)])
def test_the_card_of_codes(drawn: list[bytes], name: str, who: tuple[str, ...]) -> None:
    person, _firm, *address = who
    codes = new_codes()
    paper = write_card.card_pages(CodeCard(pk=1204), [person, *address], codes, at=AT)
    keep(name, drawn[-1])
    assert behind_the_window(paper) == " ".join([person, *address])
    told = [text for _x, _y, text in placed(paper)]
    assert [text for text in " ".join(told).split() if text in codes] == list(codes)
    assert len(codes) == 24
    for words in ("2 maart 2026", "kaart nummer 1204", "/aanmelden", "Kaart kwijt"):
        assert words in " ".join(told), words
