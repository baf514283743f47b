"""Components escape what they show, say in words what they show in colour, and refuse what makes no sense."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import html5lib
import pytest
from django.core.paginator import Paginator
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory

from portefeuille.core.lifecycle import State
from portefeuille.core.money import Money
from portefeuille.core.rules import SCHEMES, load_scheme
from portefeuille.web.ui import icons
from portefeuille.web.ui.parts import AmountRow, Column, Moment, Stage, Table, TransferLine
from portefeuille.web.ui.words import STATE_WORDS, source_words

EVIL = '<script>alert("x")</script>&'


def drawn(template: str, **values: Any) -> str:
    """The HTML of a piece of template, which must be well-formed."""
    text = Template(template).render(Context(values))
    html5lib.HTMLParser(strict=True).parseFragment(text)
    return text


@pytest.mark.parametrize(
    ("template", "values"),
    [
        ("{% page_header v 'Start' '/' lead=v %}", {"v": EVIL}),
        ("{% notice 'warning' title=v %}<p>{{ v }}</p>{% endnotice %}", {"v": EVIL}),
        ("{% nothing v %}<p>{{ v }}</p>{% endnothing %}", {"v": EVIL}),
        ("{% stat v v v %}", {"v": EVIL}),
        ("{% mark v 'good' %}", {"v": EVIL}),
        ("{% facts v %}", {"v": [(EVIL, EVIL)]}),
        ("{% amounts v 'x' %}", {"v": [AmountRow(EVIL, Money(1), EVIL)]}),
        ("{% table v %}", {"v": Table(EVIL, [Column(EVIL), Column(EVIL)], [[EVIL, EVIL]], [EVIL])}),
        ("{% timeline v %}", {"v": [Moment(EVIL, "now", date(2026, 3, 2), EVIL, EVIL)]}),
        ("{% steps v %}", {"v": [Stage(EVIL, "done", EVIL), Stage(EVIL, "now")]}),
        ("{% progress 1 2 v %}", {"v": EVIL}),
        ("{% copy v v %}", {"v": EVIL}),
        ("{% qr v v %}", {"v": EVIL}),
        ("{% transfer v %}", {"v": [TransferLine(EVIL, EVIL, EVIL, EVIL, is_reference=True)]}),
    ],
)
def test_what_is_shown_is_only_text(template: str, values: dict[str, Any]) -> None:
    page = drawn(template, **values)
    assert "<script" not in page
    assert "&lt;script" in page


@pytest.mark.parametrize("state", list(State))
def test_every_state_is_said_in_words(state: State) -> None:
    assert str(STATE_WORDS[state]) in drawn("{% badge v %}", v=state)


def test_a_notice_of_no_known_kind_is_a_mistake_of_ours() -> None:
    with pytest.raises(TemplateSyntaxError, match="purple"):
        Template("{% notice 'purple' %}{% endnotice %}").render(Context())


def test_a_figure_is_written_in_euros_when_it_is_money() -> None:
    assert "€\u00a01.250,00" in drawn("{% stat 'x' v %}", v=Money(125_000))
    assert ">3<" in drawn("{% stat 'x' 3 %}")


def test_amounts_say_whose_they_are() -> None:
    rows = [
        AmountRow("Van jou", Money(600), whose="own"),
        AmountRow("Van de overheid", Money(400), whose="subsidy"),
        AmountRow("Samen", Money(1000), is_total=True),
    ]
    page = drawn("{% amounts v 'Wie betaalt' %}", v=rows)
    assert page.count("swatch-subsidy") == 1
    assert page.count('class="swatch"') == 1
    assert page.count('class="total"') == 1
    assert "€\u00a010,00" in page


def test_a_value_that_is_not_there_is_a_dash_and_nought_is_not() -> None:
    page = drawn("{% facts v %}", v=[("a", ""), ("b", None), ("c", 0)])
    assert page.count("<dd>–</dd>") == 2
    assert "<dd>0</dd>" in page


class TestTable:
    def test_each_cell_names_its_column_for_narrow_screens(self) -> None:
        shown = Table("x", [Column("Project"), Column("Bedrag", is_number=True)], [["Les", "€ 1,00"]])
        page = drawn("{% table v %}", v=shown)
        assert '<td data-label="Bedrag" class="number">€ 1,00</td>' in page
        assert '<th scope="row">Les</th>' in page

    def test_a_row_that_does_not_fit_is_refused(self) -> None:
        with pytest.raises(ValueError, match="cell"):
            Table("x", [Column("a"), Column("b")], [["only one"]])

    def test_addresses_are_for_all_rows_or_none(self) -> None:
        with pytest.raises(ValueError, match="address"):
            Table("x", [Column("a")], [["1"], ["2"]], ["/one"])


def test_a_timeline_says_what_is_done_and_what_is_lost() -> None:
    moments = [
        Moment("Een", "done", date(2026, 3, 2), who="Nele"),
        Moment("Twee", "now"),
        Moment("Drie", "lost"),
    ]
    page = drawn("{% timeline v %}", v=moments)
    assert "(klaar)" in page
    assert "(niet gelukt)" in page
    assert page.count('aria-current="step"') == 1
    assert "2\u00a0maart\u00a02026, Nele" in page


def test_only_finished_steps_can_be_gone_back_to() -> None:
    page = drawn(
        "{% steps v %}", v=[Stage("Wat", "done", "/wat"), Stage("Prijs", "now"), Stage("Einde", "later")]
    )
    assert page.count("<a ") == 1
    assert page.count('aria-current="step"') == 1


def test_progress_towards_nothing_does_not_break() -> None:
    assert 'max="1"' in drawn("{% progress 0 0 'x' %}")


class TestPages:
    def drawn(self, number: int, address: str = "/x") -> str:
        page = Paginator(range(30), 10).page(number)
        return drawn("{% pages v %}", v=page, request=RequestFactory().get(address))

    def test_in_the_middle_both_ways_are_open_and_the_rest_of_the_address_stays(self) -> None:
        page = self.drawn(2, "/x?zoek=a%26b&pagina=2")
        assert 'href="?zoek=a%26b&amp;pagina=1"' in page
        assert 'href="?zoek=a%26b&amp;pagina=3"' in page
        assert "Pagina 2 van 3" in page

    def test_at_the_ends_one_way_is_open(self) -> None:
        assert "Vorige" not in self.drawn(1)
        assert "Volgende" not in self.drawn(3)

    def test_a_list_of_one_page_has_no_pages(self) -> None:
        only = Paginator(range(3), 10).page(1)
        request = RequestFactory().get("/x")
        assert drawn("{% pages v %}", v=only, request=request).strip() == ""


class TestVerdicts:
    def test_each_verdict_is_said_with_reason_and_cure(self) -> None:
        rule = SimpleNamespace(
            title="Op tijd",
            verdict="not met",
            reason="Te laat.",
            cure="Vraag vroeger aan.",
            sources=("GUIDE 1", "OWN"),
            our_reading=True,
        )
        page = drawn("{% verdicts v scheme %}", v=[rule], scheme=load_scheme("gids"))
        for words in (
            "Op tijd",
            "niet in orde",
            "Te laat.",
            "Vraag vroeger aan.",
            "Bron: de gids, hoofdstuk 1 · onze lezing",
        ):
            assert words in page

    def test_every_source_of_every_scheme_is_said_in_words(self) -> None:
        for key in SCHEMES:
            scheme = load_scheme(key)
            sources = {
                source for regime in scheme.regimes for rule in regime.rules for source in rule.sources
            }
            titles = scheme.source_titles(sources)
            for source in sources - {"OWN"}:
                words = source_words([source], titles)
                assert words
                assert words != source

    def test_sources_are_shown_only_when_asked(self) -> None:
        rule = SimpleNamespace(title="Op tijd", verdict="met", reason="", cure="", sources=("GUIDE 1",))
        assert "Bron" not in drawn("{% verdicts v %}", v=[rule])


class TestIcons:
    @pytest.mark.parametrize("name", icons.names())
    def test_each_is_hidden_from_who_listens_and_has_no_colour_of_its_own(self, name: str) -> None:
        page = drawn("{% icon v %}", v=name)
        assert 'class="icon" aria-hidden="true"' in page
        assert "#" not in page
        assert "style" not in page

    def test_one_that_does_not_exist_is_a_mistake_of_ours(self) -> None:
        with pytest.raises(FileNotFoundError):
            icons.drawing("unicorn")
