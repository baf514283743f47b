"""A real installation starts only with all that it needs, and keeps its guard up. In processes of their own."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.commands import ROOT, kmo

# Asks some pages as a browser would, through the whole stack, with no database behind it.
ASKING = """
import json, django
django.setup()
from django.test import Client
from portefeuille.web import static
client = Client(headers={"host": "portefeuille.example"})
def ask(path, **how):
    answer = client.get(path, **how)
    return [answer.status_code, dict(answer.headers)]
print(json.dumps({
    "plain": ask("/"),
    "safe": ask("/hulp", secure=True),
    "behind": ask("/hulp", headers={"x-forwarded-proto": "https"}),
    "elsewhere": ask("/hulp", secure=True, headers={"host": "evil.example"}),
    "asset": ask(static.address("css/base.css"), secure=True),
    "health": ask("/gezondheid"),
    "door": ask("/aanmelden/demo", secure=True),
}))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    for key in ("secret-key", "sealing-key"):
        (tmp_path / key).write_text(secrets.token_urlsafe(64))
    return {
        "DJANGO_SETTINGS_MODULE": "portefeuille.settings.production",
        "KMO_STATE_DIR": str(tmp_path),
        "KMO_DATABASE_URL": "postgresql://nobody@/nowhere?host=/nowhere",
        "KMO_PUBLIC_ADDRESS": "https://portefeuille.example",
        "KMO_MAIL_FROM": "portefeuille@portefeuille.example",
    }


def test_with_all_that_it_needs_the_framework_finds_nothing_wrong(environment: dict[str, str]) -> None:
    done = kmo("manage", "check", "--deploy", **environment)
    assert done.returncode == 0, done.stderr.decode()
    # That browsers know the address beforehand is asked of them by the installation's owner, once and for ever.
    assert b"security.W021" in done.stderr
    assert done.stderr.count(b"(security.") == 1


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("KMO_DATABASE_URL", "", "KMO_DATABASE_URL is niet gezet"),
        ("KMO_PUBLIC_ADDRESS", "", "KMO_PUBLIC_ADDRESS is niet gezet"),
        ("KMO_PUBLIC_ADDRESS", "http://portefeuille.example", "https://"),
        ("KMO_MAIL_FROM", "", "KMO_MAIL_FROM is niet gezet"),
        ("KMO_MAIL_SERVER", "mail.example", "smtp://machine"),
        ("KMO_MAIL_SERVER", "http://mail.example", "smtp://machine"),
        ("KMO_STATE_DIR", "", "KMO_STATE_DIR is niet gezet"),
        ("KMO_STATE_DIR", "/nowhere", "/nowhere/secret-key kan niet gelezen worden"),
        ("KMO_SECRET_KEY_FILE", "/dev/null", "te kort"),
    ],
)
def test_what_is_missing_is_one_line(environment: dict[str, str], name: str, value: str, said: str) -> None:
    done = kmo("manage", "check", **{**environment, name: value})
    assert (done.returncode, done.stdout) == (1, b"")
    [line] = done.stderr.decode().splitlines()
    assert said in line


def test_the_settings_of_another_project_are_not_ours() -> None:
    done = kmo("manage", "check", DJANGO_SETTINGS_MODULE="shop.settings")
    [line] = done.stderr.decode().splitlines()
    assert "KMO_STATE_DIR" in line, "these are the demo's settings"


def test_pages_are_safe_behind_a_proxy_and_files_are_served(environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKING],
        env={**environment, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    status, headers = told["plain"]
    assert (status, headers["Location"]) == (301, "https://portefeuille.example/")
    for way in ("safe", "behind"):
        status, headers = told[way]
        assert status == 200, way
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
    assert told["elsewhere"][0] == 400
    status, headers = told["asset"]
    assert (status, headers["Content-Type"]) == (200, "text/css")
    assert told["health"][0] == 503, "without a database, and without a detour over TLS"
    assert told["door"][0] == 404, "nobody gets in without a sign-in"


MAILER = """
import json, django
django.setup()
from django.conf import settings
from django.core.mail import mailers
server = mailers.default
told = [getattr(server, name) for name in ("host", "port", "username", "password", "use_tls", "use_ssl", "timeout")]
print(json.dumps([settings.DEFAULT_FROM_EMAIL, *told]))
"""


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (None, ["localhost", 25, "", "", False, False]),
        ("smtp://mail.example:2525", ["mail.example", 2525, "", "", False, False]),
        ("smtp+tls://me:a%40b@mail.example", ["mail.example", 587, "me", "a@b", True, False]),
        ("smtps://me:word@mail.example", ["mail.example", 465, "me", "word", False, True]),
    ],
)
def test_mails_leave_through_the_server_that_is_named(
    environment: dict[str, str], address: str | None, told: list[object]
) -> None:
    more = {} if address is None else {"KMO_MAIL_SERVER": address}
    done = subprocess.run(
        [sys.executable, "-c", MAILER],
        env={**environment, **more, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    sender, *server, patience = json.loads(done.stdout)
    assert (sender, server) == ("portefeuille@portefeuille.example", told)
    assert patience, "a server that says nothing would hold the worker for ever"
