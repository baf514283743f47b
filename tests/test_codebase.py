"""The house itself: every page has a way in, every mail a text, every table a guard, every reference a place."""

from __future__ import annotations

import ast
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.__main__ import NAMES
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import call_command
from django.template import engines
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from portefeuille.database.append_only import APPEND_ONLY
from portefeuille.identity.roles import PERMISSIONS, Role
from portefeuille.web.permission import For, declaration_of
from portefeuille.web.permission import page as declared_page
from portefeuille.web.ui import words

SOURCE = Path(__file__).resolve().parents[1] / "src" / "portefeuille"
TEMPLATES = SOURCE / "web" / "templates"

# Pages for anybody, a second time on purpose: whoever adds one decides it here too, after its own declaration.
PUBLIC = {
    *("home", "help", "register", "health", "robots", "mailbox", "message", "paper_letter", "style_guide"),
    *("sign_in", "sign_out", "demo_sign_in", "acm", "acm_back"),
    *("eid", "eid_card", "eid_back", "eid_failed"),
    *("card", "card_code", "card_order", "card_lost", "app"),
    *("public_providers", "public_provider", "open_data_csv", "open_data_json"),
}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_page_declares_who_may_come() -> None:
    for pattern in patterns():
        declared = declaration_of(pattern.callback)
        assert declared is not None, f"{pattern} declares nothing: see web/permission.py"
        assert (declared.who is For.ANYBODY) == (pattern.name in PUBLIC), pattern
    assert {pattern.name for pattern in patterns()} >= PUBLIC


def test_a_declaration_with_a_slip_of_the_pen_is_refused_when_it_is_read() -> None:
    for slip in ({"look": "se_queue"}, {"look": "see_queue", "act": "decde"}, {}):
        with pytest.raises(ValueError, match="a page declares what may be done on it"):
            declared_page(**slip)


def test_every_page_that_is_not_public_is_opened_by_a_test() -> None:
    tests = "\n".join(path.read_text() for path in (SOURCE.parents[1] / "tests" / "web").rglob("test_*.py"))
    for pattern in patterns():
        route = re.sub(r"<[^>]+>", "", str(pattern.pattern)).strip("/")
        words_of_it = [part for part in route.split("/") if part]
        assert all(part in tests for part in words_of_it), pattern


def test_every_permission_is_given_to_somebody_and_asked_somewhere() -> None:
    code = "\n".join(path.read_text() for path in SOURCE.rglob("*.py") if path.name != "roles.py")
    for verb, permission in PERMISSIONS.items():
        assert permission.roles, verb
        is_asked = re.search(rf"(?:must|may)\(\s*\"{verb}\"|(?:look|act)=\"{verb}\"", code)
        assert is_asked, f"{verb} is asked nowhere"
    assert all(role in words.ROLE_WORDS for role in Role)


def test_every_template_can_be_read() -> None:
    assert engines["django"]
    for path in TEMPLATES.rglob("*.html"):
        get_template(str(path.relative_to(TEMPLATES)))


def test_templates_hold_no_text_outside_translation() -> None:
    """Words between tags are marked for gettext; signs and numbers need not be."""
    for path in TEMPLATES.rglob("*.html"):
        if path.name == "style_guide.html":  # for those who build pages: it shows tags and class names
            continue
        text = re.sub(r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}", "", path.read_text(), flags=re.S)
        text = re.sub(r"{%.*?%}|{{.*?}}|<!--.*?-->", "", text, flags=re.S)
        shown = re.sub(r"<[^>]+>|&[a-z]+;", "\n", text)
        loose = [line.strip() for line in shown.splitlines() if re.search(r"[A-Za-z]{3,}", line)]
        assert loose in ([], ["· kmo-portefeuille", "kmo-portefeuille"], ["kmo-portefeuille"]) or all(
            "kmo-portefeuille" in line for line in loose
        ), (path, loose)


def test_templates_carry_no_inline_style_or_script() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", text), path
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path


def test_no_float_touches_an_amount() -> None:
    """F12: neither in the core nor in the money's domains."""
    for folder in ("core/ledger", "core/formats", "wallet", "bank", "budget", "applications"):
        for path in [SOURCE / "core" / "money.py", *(SOURCE / folder).rglob("*.py")]:
            for node in ast.walk(ast.parse(path.read_text())):
                is_float = isinstance(node, ast.Constant) and isinstance(node.value, float)
                is_call = isinstance(node, ast.Name) and node.id == "float"
                is_division = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
                # In a model's constraint, F("a") / F("b") divides whole numbers in SQL.
                in_sql = path.name == "models.py" and is_division
                assert in_sql or not (is_float or is_call or is_division), (path, getattr(node, "lineno", 0))


def test_nothing_inside_asks_the_clock() -> None:
    """Time is passed in; only faces, scheduled tasks and the launcher look at a clock."""
    asking = {"now", "today", "utcnow"}
    domains = {path.parent.name for path in SOURCE.glob("*/models.py")}
    for folder in ("core", *sorted(domains)):
        for path in (SOURCE / folder).rglob("*.py"):
            if path.name == "tasks.py":
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                asks = (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in asking
                )
                assert not asks, (path, getattr(node, "lineno", 0))


def test_no_function_is_longer_than_seventy_lines() -> None:
    for path in SOURCE.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 70, (path, node.name, length)


@pytest.mark.django_db
def test_migrations_say_what_the_models_say() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.django_db
def test_the_framework_finds_nothing_wrong() -> None:
    assert [message for message in run_checks() if not message.is_silenced()] == []


def test_every_constraint_has_a_name_and_a_test() -> None:
    tests = "\n".join(path.read_text() for path in Path(__file__).parent.rglob("test_*.py"))
    for model in apps.get_models():
        if not model.__module__.startswith("portefeuille."):
            continue
        for constraint in model._meta.constraints:
            assert constraint.name in tests, f"no test trips {constraint.name}"


def test_every_domain_is_held_to_the_import_contracts() -> None:
    contracts = tomllib.loads((SOURCE.parents[1] / "pyproject.toml").read_text())["tool"]["importlinter"]
    core, domains, launcher = contracts["contracts"]
    for path in SOURCE.glob("*/models.py"):
        name = f"portefeuille.{path.parent.name}"
        assert name in core["forbidden_modules"], name
        assert name in domains["source_modules"], name
        assert name in launcher["forbidden_modules"], name


def test_append_only_tables_exist() -> None:
    tables = {model._meta.db_table for model in apps.get_models()}
    assert set(APPEND_ONLY) <= tables


def test_there_is_no_file_of_leftovers() -> None:
    forbidden = {"utils.py", "util.py", "helpers.py", "misc.py", "common.py"}
    assert not [path for path in SOURCE.rglob("*.py") if path.name in forbidden]


def test_what_guards_a_landing_can_be_run() -> None:
    for name in ("kmo", ".ci/run"):
        assert (SOURCE.parents[1] / name).stat().st_mode & 0o111, name


def test_the_glossary_knows_every_state_as_screens_say_it() -> None:
    glossary = (SOURCE.parents[1] / "docs" / "glossary.md").read_text()
    for state, shown in words.STATE_WORDS.items():
        assert f"| {state.value.replace('_', ' ')} | {shown} |" in glossary


def test_every_package_with_code_has_a_folder_of_tests() -> None:
    tests = Path(__file__).parent
    for package in SOURCE.iterdir():
        if package.is_dir() and any(package.rglob("*.py")):
            assert any((tests / package.name).rglob("test_*.py")), package.name


def test_every_link_in_the_documents_leads_somewhere() -> None:
    root = SOURCE.parents[1]
    for page in [root / "README.md", root / "benchmarks" / "README.md", *(root / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert "://" in target or (page.parent / target).exists(), (page, target)
        for path in re.findall(r"`((?:src|docs|tests|benchmarks)/[\w./-]+)`", page.read_text()):
            assert (root / path).exists(), (page, path)


@pytest.mark.parametrize("name", NAMES)
def test_every_benchmark_can_be_run_by_its_name(name: str) -> None:
    assert callable(importlib.import_module(f"benchmarks.{name}").measure)
