"""The walls, through the application: every address, as everybody, of one's own and of another's, in every state.

``WHO_MAY`` says a second time, on purpose, who may look and who may change something; it knows nothing of what the
pages declare. Each cell of the matrix is one request through all layers, with the rights that the web has in the
database, undone after it. A refusal is a 403, a 404, a 405, or the way to the sign-in (for who is known but acts for
nobody: to registration); it says nothing that another typed, and it writes nothing. Anything else counts as let in, but
for a failure of ours, which is always a surprise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse
from django.utils import timezone
from tests.walls.two_sides import NOBODYS, OTHER, OWN, SECRETS, Thing, TwoSides
from tests.web.conftest import capacity_of

from portefeuille.applications import queries as applications
from portefeuille.core.errors import NotAllowed
from portefeuille.core.lifecycle import State
from portefeuille.database.roles import WORKER
from portefeuille.identity.models import Capacity
from portefeuille.identity.roles import FOR_AN_ENTERPRISE, OF_A_PROVIDER, Actor, Role
from portefeuille.web import urls
from portefeuille.web.enterprise import project
from portefeuille.web.operator import payments
from portefeuille.web.permission import Declaration, page

# Who may look, who may change something, and of what. ``own``: only what stands on one's own side; ``all``: of every
# side, or of nobody. The tests' settings offer neither ACM nor cards (tests/web/signin does), so that those addresses
# are for nobody here; ``eid_failed`` says with a 403, to anybody, why a card let nobody in.
WHO_MAY = """
page                  who may look           who may change       of

home                  anybody                nobody               all
help                  anybody                nobody               all
public_providers      anybody                nobody               all
public_provider       anybody                nobody               all
open_data_csv         anybody                nobody               all
open_data_json        anybody                nobody               all
health                anybody                nobody               all
robots                anybody                nobody               all
register              anybody                nobody               all
style_guide           anybody                nobody               all
mailbox               anybody                nobody               all
message               anybody                nobody               all
paper_letter          anybody                nobody               all

sign_in               anybody                nobody               all
demo_sign_in          anybody                anybody              all
card                  anybody                anybody              all
card_code             anybody                anybody              all
card_order            anybody                anybody              all
card_lost             anybody                anybody              all
app                   anybody                anybody              all
sign_out              nobody                 anybody              all
eid_failed            nobody                 nobody               all
acm                   nobody                 nobody               all
acm_back              nobody                 nobody               all
eid                   nobody                 nobody               all
eid_card              nobody                 nobody               all
eid_back              nobody                 nobody               all

confirm               whoever is known       nobody               all
confirm_in_demo       nobody                 whoever is known     all
resume                whoever is known       nobody               all
switch                whoever is known       whoever acts         all
my_means              whoever is known       nobody               all
my_card               whoever is known       whoever is known     all
my_card_block         nobody                 whoever is known     all
my_app                whoever is known       whoever is known     all
my_app_forget         nobody                 whoever is known     all
my_release            nobody                 whoever is known     all
register_email        whoever is known       whoever is known     all
register_enterprise   whoever is known       whoever is known     all
activate              whoever is known       whoever is known     all
invitation            whoever is known       whoever is known     all

dashboard             for an enterprise      nobody               own
new_application       for an enterprise      for an enterprise    own
application_step      for an enterprise      for an enterprise    own
application_preview   nobody                 for an enterprise    own
project               for an enterprise      nobody               own
pay                   for an enterprise      for an enterprise    own
cancel                for an enterprise      for an enterprise    own
profile               for an enterprise      of an enterprise     own
clients               for an enterprise      nobody               own
seen                  of an enterprise       nobody               own

people                administrators         nobody               own
invite                administrators         administrators       own
withdraw_invitation   nobody                 administrators       own
make_administrator    administrators         administrators       own
end_capacity          administrators         administrators       own
give_mandate          its administrator      its administrator    own
end_mandate           its administrator      its administrator    own

provider              for a provider         nobody               own
customer              for a provider         for a provider       own
recognition           who sees recognition   nobody               own
ask_recognition       who sees recognition   administrators       own
withdraw_recognition  nobody                 administrators       own

operator              operator office auditor   nobody            all
ledger                operator office auditor   nobody            all
statements            operator               operator             all
statement_file        operator               nobody               all
exceptions            operator               nobody               all
exception             operator               operator             all
payments              operator               operator             all
payment_run           operator               nobody               all
release_run           nobody                 operator             all
payment_file          nobody                 operator             all

office                office auditor         nobody               all
case                  files                  office               all
case_of               office auditor         office               all
recognition_request   office auditor         office               all
recognition_document  office auditor         nobody               all
supervision           files                  office               all
letters               office auditor         office               all
release               office                 office               all
release_somebody      office                 office               all
files                 files                  nobody               all
enterprises           register               nobody               all
enterprise            register               nobody               all
help_desk             help_desk              nobody               all
"""


# What the words of the table mean.
GROUPS: dict[str, set[Role]] = {
    "nobody": set(),
    "for an enterprise": set(FOR_AN_ENTERPRISE),
    "of an enterprise": {Role.ENTREPRENEUR, Role.ENTERPRISE_ADMIN},
    "administrators": {Role.ENTERPRISE_ADMIN, Role.PROVIDER_ADMIN},
    "its administrator": {Role.ENTERPRISE_ADMIN},
    "who sees recognition": {Role.PROVIDER, Role.PROVIDER_ADMIN, Role.ENTERPRISE_ADMIN},
    "for a provider": {Role.PROVIDER, Role.PROVIDER_ADMIN},
    "operator office auditor": {Role.OPERATOR, Role.OFFICE, Role.AUDITOR},
    "register": {Role.OFFICE, Role.OPERATOR, Role.INSPECTOR, Role.AUDITOR, Role.HELP_DESK},
    "operator": {Role.OPERATOR},
    "office": {Role.OFFICE},
    "office auditor": {Role.OFFICE, Role.AUDITOR},
    "files": {Role.OFFICE, Role.INSPECTOR, Role.AUDITOR},
    "help_desk": {Role.HELP_DESK},
    "whoever acts": set(Role) - {Role.SYSTEM, Role.NEWCOMER},
}

# What an address names; pages that are not here name nothing.
NAMES = {
    **dict.fromkeys(("application_preview", "application_step", "project", "pay", "cancel"), "application"),
    **dict.fromkeys(("customer", "case"), "application"),
    **dict.fromkeys(("make_administrator", "end_capacity"), "colleague"),
    **dict.fromkeys(("payment_run", "release_run", "payment_file"), "run"),
    "withdraw_invitation": "invitation",
    "invitation": "reference",
    "end_mandate": "mandate",
    "statement_file": "statement",
    "exception": "exception",
    "enterprise": "enterprise",
    "message": "message",
    "paper_letter": "letter",
    "case_of": "case",
    **dict.fromkeys(("public_provider", "supervision"), "provider"),
    **dict.fromkeys(("withdraw_recognition", "recognition_request"), "request"),
    "recognition_document": "document",
    "release_somebody": "person",
}

# States in which those who may come find nothing there (or, four eyes, may not), and why.
NOT_THERE: dict[str, set[str]] = {
    "pay": {"draft", "submitted", "refused"},  # what was not approved has no wallet
    "my_app_forget": {"-"},  # nobody here has an app
    "customer": {"draft"},  # what was not submitted is for nobody else's eyes
    "case": {"draft"},
    "make_administrator": {"ended"},  # who left is no colleague any more
    "end_capacity": {"ended"},
    "end_mandate": {"ended"},
    "release_run": {"made by yourself"},
}

VISITOR, NEWCOMER = "visitor", "newcomer"
EVERYBODY = [VISITOR, NEWCOMER, *sorted(set(Role) - {Role.SYSTEM, Role.NEWCOMER})]
STEPS = ("wat", "wie-en-wanneer", "prijs", "nakijken")
NOTHING = Thing(None, "-")

# A form with something in it for every page; whoever is let in may well be told that it is not right.
FORM = {
    "declared": "on",
    "key": "a-key",
    "amount": "10,00",
    "sure": "10.00",
    "reference": "",
    "wat": "overheid",
    "outcome": "refuse",
    "reasons": "Omdat het kan.",
    "name": "Overgenomen",
    "email": "an@ander.example",
    "people": "x",
    "naar": "wat",
    "code": "ABCD2345",
    "nummer": "1999100516",
    "national_number": "85073000160",
    "means": "card",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of the table."""

    look: str
    act: str
    of: str


def rules() -> dict[str, Rule]:
    lines = [re.split(r"\s{2,}", line.strip()) for line in WHO_MAY.strip().splitlines()[1:] if line.strip()]
    return {name: Rule(look, act, of) for name, look, act, of in lines}


@dataclass(frozen=True, slots=True)
class Cell:
    """One request: who asks for what, how."""

    page: str
    who: str
    thing: Thing
    method: str
    address: str

    def is_let_in(self, rule: Rule) -> bool:
        """What the table says."""
        words = rule.act if self.method == "POST" else rule.look
        if self.thing.state == "unknown":
            return False
        if words == "anybody":
            return True
        if self.who == VISITOR:
            return False
        if words != "whoever is known":
            if self.who == NEWCOMER or Role(self.who) not in GROUPS[words]:
                return False
            if rule.of == "own" and not self._is_own():
                return False
        return self.thing.state not in NOT_THERE.get(self.page, ())

    def _is_own(self) -> bool:
        if self.thing.side == NOBODYS:
            return True
        is_theirs = ("enterprise" if Role(self.who) in FOR_AN_ENTERPRISE else "provider") in self.thing.whose
        return self.thing.side == OWN and is_theirs


@dataclass
class Matrix:
    """The cells of everybody, the requests that fill them, and what came as a surprise."""

    sides: TwoSides
    cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def cells(self, who: str, pages: Iterator[str] | list[str]) -> Iterator[Cell]:
        for name in pages:
            things = self.sides.things[NAMES[name]] if name in NAMES else [NOTHING]
            for thing in things:
                for address in _addresses(name, thing):
                    for method in ("GET", "POST"):
                        yield Cell(name, who, thing, method, address)

    def walk(self, who: str, pages: list[str]) -> tuple[int, list[str]]:
        """How many cells, and a line for each surprise."""
        table, found, count = rules(), [], 0
        for cell in self.cells(who, pages):
            count += 1
            self.client.cookies = SimpleCookie(self.cookies[who])  # whatever the last answer did to them
            if surprise := self._ask(cell, table[cell.page]):
                found.append(
                    f"{cell.who}: {cell.method} {cell.address} ({cell.page}, {_words(cell.thing)}): {surprise}"
                )
        return count, found

    def _ask(self, cell: Cell, rule: Rule) -> str:
        """One request, undone after it; what was surprising about it."""
        with transaction.atomic(), _written() as written:
            answer: Any = self.client.generic(cell.method, cell.address, **self._sent(cell))
            transaction.set_rollback(True)
        text = answer.content.decode(errors="replace")
        if answer.status_code >= 500:
            return f"broke ({answer.status_code})"
        was_refused = _is_refusal(cell, answer)
        if cell.is_let_in(rule):
            if was_refused and not _leads_to_registration(answer):
                return f"was refused ({answer.status_code})"
            return "was shown what another typed" if _shows_too_much(cell, text) else ""
        if not was_refused:
            return f"was let in ({answer.status_code})"
        if any(secret in text for secret in SECRETS.values()):
            return "was refused in words of what is hidden"
        return f"was refused, but wrote: {written[0]}" if written else ""

    def _sent(self, cell: Cell) -> dict[str, Any]:
        if cell.method == "GET":
            return {}
        sent = self._capacity(cell.who)
        if cell.page == "demo_sign_in":
            sent = _without_mandate(sent)
        body = urlencode({**FORM, **sent})
        return {"data": body, "content_type": "application/x-www-form-urlencoded"}

    def _capacity(self, who: str) -> dict[str, str]:
        """What somebody sends to sign in in the demo, or to switch to what they are already."""
        if who == NEWCOMER:
            return {"persoon": str(self.sides.newcomer)}
        if who == VISITOR:
            return {"persoon": str(self.sides.world.entrepreneur.person_id)}
        actor = self.sides.actors[Role(who)]
        if actor.role is Role.ACCOUNTANT:
            return {"hoedanigheid": f"{Capacity.objects.get(person_id=actor.person_id).pk}:{actor.mandate}"}
        return {"hoedanigheid": str(capacity_of(actor))}

    def sign_in(self, who: str) -> None:
        """A session of this person, made once."""
        client = Client()
        if who != VISITOR:
            sent = self._capacity(who)
            assert client.post("/aanmelden/demo", _without_mandate(sent)).status_code == 302
            if who == Role.ACCOUNTANT:
                assert client.post("/wissel", sent).status_code == 302
        self.cookies[who] = {name: morsel.value for name, morsel in client.cookies.items()}


def _without_mandate(sent: dict[str, str]) -> dict[str, str]:
    """One signs in as oneself, and then switches to a client."""
    return {name: value.partition(":")[0] for name, value in sent.items()}


def _addresses(name: str, thing: Thing) -> list[str]:
    if name != "application_step":
        return [reverse(name, args=[] if thing is NOTHING else [thing.value])]
    # The other steps are the same page; they are walked along where they exist.
    steps = STEPS if thing.state == State.DRAFT else STEPS[:1]
    return [reverse(name, args=[thing.value, step]) for step in steps]


def _is_refusal(cell: Cell, answer: Any) -> bool:
    if answer.status_code == 302:
        to = answer["Location"]
        return to.startswith("/aanmelden?volgende=") or (cell.who == NEWCOMER and to == "/registreren")
    return answer.status_code in {403, 404, 405}


def _leads_to_registration(answer: Any) -> bool:
    """Some pages for whoever is known have nothing for who acts for nobody yet, and say where to begin."""
    return answer.status_code == 302 and answer["Location"] == "/registreren"


def _shows_too_much(cell: Cell, text: str) -> bool:
    """What somebody is let in to holds nothing of the other side; staff, and an office's list of clients, may."""
    if cell.page in {"mailbox", "message"} or (cell.page == "clients" and cell.who == Role.ACCOUNTANT):
        return False
    if cell.who in {VISITOR, NEWCOMER}:
        return any(secret in text for secret in SECRETS.values())
    return Role(cell.who) in FOR_AN_ENTERPRISE | OF_A_PROVIDER and SECRETS[OTHER] in text


def _words(thing: Thing) -> str:
    return "names nothing" if thing is NOTHING else f"{thing.side}, {thing.state}"


_WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|COPY|WITH\b.*\b(INSERT|UPDATE|DELETE)\b)", re.I | re.S)


@contextmanager
def _written() -> Iterator[list[str]]:
    """Every statement that writes, but to a session: that is where somebody was going, kept for after the sign-in."""
    found: list[str] = []

    def look(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if _WRITES.match(str(sql)) and "django_session" not in str(sql):
            found.append(str(sql)[:100])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@pytest.fixture(scope="module")
def matrix(django_db_setup: None, django_db_blocker: Any) -> Iterator[Matrix]:
    """Built once, and taken down with the transaction in which it stands."""
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        sides = TwoSides()
        patch.setattr(timezone, "now", lambda: sides.world.now)
        found = Matrix(sides)
        for who in EVERYBODY:
            found.sign_in(who)
        yield found
        transaction.set_rollback(True)


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_address_has_a_line_in_the_table_and_what_it_names_a_place_in_the_world() -> None:
    assert {pattern.name for pattern in patterns()} == set(rules())
    for pattern in patterns():
        assert ("<" in str(pattern.pattern)) == (pattern.name in NAMES), pattern


def test_the_world_has_one_of_every_state_on_each_side(matrix: Matrix) -> None:
    for side in (OWN, OTHER):
        found = [one for one in matrix.sides.things["application"] if one.side == side]
        assert {one.state for one in found} - {"unknown"} == set(State)
        for one in found:
            assert one.state == "unknown" or matrix.sides.world.view(int(str(one.value))).state == one.state


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_comes_where_the_table_says_and_nowhere_else(
    matrix: Matrix, who: str, record_property: Callable[[str, object], None]
) -> None:
    count, surprises = matrix.walk(who, list(rules()))
    record_property("matrix", ("through the application", count, len(surprises)))
    assert not surprises, "\n" + "\n".join(surprises)


# -- the matrix sees it when a layer fails -----------------------------------------------------------------------------


def test_a_page_that_declares_too_much_is_found(matrix: Matrix) -> None:
    """The same page, with a declaration that lets the office look at what is for the operator alone."""
    too_wide = page(look="see_books", act="pay")(payments.payments.__wrapped__)  # type: ignore[attr-defined]

    class WithAMistake:
        urlpatterns = [path("beheer/betalingen", too_wide, name="payments"), *urls.urlpatterns]

    with override_settings(ROOT_URLCONF=WithAMistake):
        _count, found = matrix.walk(Role.OFFICE, ["payments"])
    assert found == ["office: GET /beheer/betalingen (payments, names nothing): was let in (200)"]


@contextmanager
def wall_down(table: str) -> Iterator[None]:
    """Inside the ``with`` the database lets everybody at every row of this table."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"SET ROLE NONE; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY; SET ROLE {WORKER}")
        yield
        transaction.set_rollback(True)


def check_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application asks no longer whose an application is."""
    monkeypatch.setattr(applications, "_may_see", lambda actor, row: True)
    monkeypatch.setattr(
        project,
        "own",
        lambda request, number: applications.application(number, actor=request.actor),
    )


def test_without_the_applications_own_check_the_wall_beneath_holds(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    check_gone(monkeypatch)
    assert matrix.walk(Role.ENTREPRENEUR, ["project", "cancel"])[1] == []


def test_without_the_wall_beneath_the_applications_own_check_holds(matrix: Matrix) -> None:
    with wall_down("applications_application"):
        assert matrix.walk(Role.ENTREPRENEUR, ["project", "cancel"])[1] == []


def test_without_both_the_matrix_says_so(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    check_gone(monkeypatch)
    with wall_down("applications_application"):
        _count, found = matrix.walk(Role.ENTREPRENEUR, ["project"])
    states = {state for state in State if any(f"another's, {state}" in line for line in found)}
    assert states == set(State)


def test_words_of_another_on_a_page_that_one_may_see_are_found(
    matrix: Matrix, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An overview that forgets whose applications to list."""
    monkeypatch.setattr(
        applications,
        "of_enterprise",
        lambda number, actor: [applications.application(one, actor=Actor.system()) for one in others],
    )
    others = [
        int(str(one.value))
        for one in matrix.sides.things["application"]
        if one.side == OTHER and one.state == State.APPROVED
    ]
    with wall_down("applications_application"):
        _count, found = matrix.walk(Role.ENTREPRENEUR, ["dashboard"])
    assert found == [
        "entrepreneur: GET /mijn-dossier (dashboard, names nothing): was shown what another typed"
    ]


def test_a_refusal_that_wrote_something_is_found(matrix: Matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    def note_it_down(self: object, actor: Actor, method: str) -> None:
        Capacity.objects.filter(pk=0).update(basis="letter")
        raise NotAllowed("Neen.")

    monkeypatch.setattr(Declaration, "must", note_it_down)
    _count, found = matrix.walk(Role.AUDITOR, ["payments"])
    assert len(found) == 2
    assert all("was refused, but wrote: UPDATE" in line for line in found)
