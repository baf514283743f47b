"""The walls, straight on the database: what each role sees and changes of its own, of another's and of nobody's rows.

Two enterprises, each with an application in several states and all that hangs on it, bought from two providers. Every
row of every walled table is put under the enterprise whose it is (by a query of this file, not by the walls), and then
read and changed as the web, for each role. What each may see is written down here a second time, on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from tests.world import ENTERPRISE, OTHER_ENTERPRISE, World

from portefeuille.activation.models import Activation, EmailConfirmation, Invitation, LetterSent
from portefeuille.applications.operations.submit import start_draft
from portefeuille.cases.kinds import Kind
from portefeuille.cases.operations import open_case
from portefeuille.database.append_only import APPEND_ONLY
from portefeuille.database.roles import REPORT, WEB, WORKER
from portefeuille.database.walls import BEHIND_A_VIEW, WALLS
from portefeuille.history.operations import look
from portefeuille.identity.acting import work_at_the_gate, work_for
from portefeuille.identity.models import Mandate
from portefeuille.identity.operations.add_person import GivenCapacity
from portefeuille.identity.roles import FOR_AN_ENTERPRISE, OF_A_PROVIDER, Actor, Role
from portefeuille.post.operations import Letter, write
from portefeuille.providers.models import Document, Measure, RecognitionRequest
from portefeuille.providers.operations.add_provider import GivenRecognition, add_provider
from portefeuille.signin.models import Attempt, CardCode, CodeCard, EidTicket, TimeCode

STAFF = {Role.OPERATOR, Role.OFFICE, Role.INSPECTOR, Role.AUDITOR, Role.HELP_DESK}
BOOKS = STAFF - {Role.HELP_DESK}
ROLES = sorted(set(Role) - {Role.SYSTEM, Role.NEWCOMER})  # who only asks to be linked stands at the gate
NOBODYS = ""

_BY_APPLICATION = """SELECT {key}, coalesce(a.enterprise_number, '') FROM {table} t
    LEFT JOIN applications_application a ON a.id = t.{column}"""
_BY_PERSON = """SELECT {key}, coalesce(c.enterprise_number, '') FROM {table} t
    LEFT JOIN identity_capacity c ON c.person_id = t.{column}"""
_BY_CARD = """SELECT {key}, coalesce(c.enterprise_number, '') FROM {table} t
    JOIN signin_codecard card ON card.id = t.card_id LEFT JOIN identity_capacity c ON c.person_id = card.person_id"""
_BY_REQUEST = """SELECT {key}, asked.enterprise_number FROM {table} t
    JOIN providers_recognitionrequest asked ON asked.id = t.request_id"""
# Of the provider from which an enterprise bought: on the same side of the wall.
_BY_SELLER = """SELECT {key}, (SELECT min(a.enterprise_number) FROM applications_application a
    WHERE a.provider_id = t.provider_id) FROM {table} t"""
_BY_NUMBER = "SELECT {key}, enterprise_number FROM {table} t"

# Proofs of who somebody is: of one person, and not for their colleagues' eyes.
PROOFS = {
    *("signin_attempt", "signin_codecard", "signin_cardcode", "signin_timecode", "signin_eidticket"),
    *("activation_emailconfirmation", "activation_lettersent"),
}

KEYS = {
    "wallet_transfer": "t.wallet_id || '-' || t.source_id || '-' || t.code",
    "identity_enterpriseprofile": "t.enterprise_number",
    "signin_eidticket": "t.digest",
}


def key_of(table: str) -> str:
    return KEYS.get(table, "t.id::text")


def column_of(table: str) -> str:
    return {
        "wallet_transfer": "code",
        "identity_enterpriseprofile": "size",
        "signin_eidticket": "digest",
    }.get(table, "id")


def owners(table: str) -> str:
    """A query that gives each row's key and the enterprise whose it is, empty for nobody's."""
    by, column = {
        "applications_participant": (_BY_APPLICATION, "application_id"),
        "applications_decision": (_BY_APPLICATION, "application_id"),
        "wallet_wallet": (_BY_APPLICATION, "id"),
        "wallet_transfer": (_BY_APPLICATION, "wallet_id"),
        "wallet_payment": (_BY_APPLICATION, "wallet_id"),
        "identity_person": (_BY_PERSON, "id"),
        **dict.fromkeys(PROOFS - {"signin_cardcode"}, (_BY_PERSON, "person_id")),
        "signin_cardcode": (_BY_CARD, ""),
        "providers_document": (_BY_REQUEST, ""),
        "providers_measure": (_BY_SELLER, ""),
        "post_paperletter": (_BY_NUMBER, ""),
    }.get(table, (_BY_NUMBER, ""))
    if table.startswith("bank_"):
        return f"SELECT {key_of(table)}, '' FROM {table} t"
    if table == "history_idempotencykey":
        return f"SELECT {key_of(table)}, split_part(actor, ':', 3) FROM {table} t"
    if table == "identity_mandate":
        by = "SELECT {key}, enterprise_number FROM {table} t"
    return by.format(key=key_of(table), table=table, column=column)


# Who sees everybody's rows of a table. All others see their own at most.
EVERYBODYS: dict[str, set[Role]] = {
    **dict.fromkeys(WALLS, STAFF),
    "wallet_transfer": STAFF,
    "wallet_payment": STAFF,
    **{table: BOOKS for table in WALLS if table.startswith("bank_")},
    **dict.fromkeys(BEHIND_A_VIEW.values(), BOOKS),
    "history_idempotencykey": set(),
    "cases_case": {Role.OFFICE, Role.AUDITOR},
    "post_paperletter": {Role.OFFICE, Role.AUDITOR},
    "providers_recognitionrequest": {Role.OFFICE, Role.AUDITOR},
    "providers_document": {Role.OFFICE, Role.AUDITOR},
    "providers_measure": {Role.OFFICE, Role.INSPECTOR, Role.AUDITOR},
    **{table: set() for table in PROOFS},
    "signin_codecard": {
        Role.OFFICE,
        Role.AUDITOR,
    },  # without its codes, but for a card that waits for an address
    "signin_attempt": {Role.OFFICE, Role.AUDITOR, Role.HELP_DESK},
    "activation_activation": {Role.OFFICE, Role.AUDITOR},
    "activation_lettersent": {Role.OFFICE, Role.AUDITOR},
    "activation_invitation": set(),  # a code by mail is between an administrator and who gets it
}
# Money that belongs to no wallet (the government's, what nobody could place) is only for who reads the books.
NOBODYS_MONEY = {"wallet_transfer", "wallet_payment"}
# What a provider sees of the enterprises that bought from it.
OF_A_CUSTOMER = {
    "applications_application",
    "applications_participant",
    "applications_decision",
    "wallet_wallet",
    "wallet_transfer",
    "wallet_payment",
    "history_event",
    "messages_message",
    "identity_enterpriseprofile",
}
# Rows of people; those who belong to no enterprise are colleagues or staff.
OF_PEOPLE = {"identity_person", "identity_capacity"}
OF_ONE_PERSON = {"history_idempotencykey", "post_paperletter", "identity_mandate"}
BOOKS_OF_THE_BANK = {table for table in WALLS if table.startswith("bank_")} | set(BEHIND_A_VIEW.values())
CHANGERS = {Role.OPERATOR, Role.OFFICE} | FOR_AN_ENTERPRISE | OF_A_PROVIDER
TABLES = sorted(WALLS.keys() | set(BEHIND_A_VIEW.values()))


class Town:
    """Two enterprises and two providers, and somebody in every role on the side of the first of each."""

    def __init__(self, world: World) -> None:
        self.world = world
        other_provider = add_provider(
            enterprise_number="1999100417",
            legal_name="Ander BV",
            trade_name="",
            iban="BE64999030000352",
            email="ander@voorbeeld.example",
            recognitions=[GivenRecognition("DV.O900601", date(2020, 1, 1))],
        )
        other = world.enterprise(OTHER_ENTERPRISE, "Fietsatelier", "BE95999020000258")
        world.government_pays_in()
        self._live(world.entrepreneur, world.provider_id, "DV.O900501")
        self._live(other, other_provider, "DV.O900601")
        self.actors = {role: self._somebody(role) for role in ROLES}
        self.owners = {table: dict(_ask(owners(table))) for table in TABLES}

    def _live(self, actor: Actor, provider: int, number: str) -> None:
        """A draft, an application that is paid, money that nobody can place, and all that hangs on them."""
        world = self.world
        assert actor.person_id is not None
        start_draft(actor=actor, at=world.now)
        paid = world.apply("2000.00", provider=provider, recognition_number=number, actor=actor)
        world.deposit(paid, "1200.00")
        world.transfer("12.00", text="zonder mededeling")
        world.statement()
        world.order(paid, actor=actor)
        world.pay()
        world.statement()
        for kind in Kind:
            open_case(kind=kind, subject_id=paid, enterprise=actor.enterprise, at=world.now)
        look(
            actor=world.office,
            subject="application",
            subject_id=paid,
            enterprise=actor.enterprise,
            at=world.now,
        )
        Mandate.objects.create(
            enterprise_number=actor.enterprise, office_number="1999100516", given_at=world.now, given_by=1
        )
        letter = Letter(
            key=f"letter-{actor.person_id}",
            kind="activation_code",
            envelope=("Aan", "Straat 1"),
            pdf=b"%PDF",
            person=actor.person_id,
            enterprise=actor.enterprise,
        )
        write(letter, at=world.now)
        self._recognition(actor, provider)
        self._proofs(actor.person_id, actor.enterprise)

    def _recognition(self, actor: Actor, provider: int) -> None:
        """The enterprise asks for a recognition, and its seller went to a session."""
        at = self.world.now
        request = RecognitionRequest.objects.create(
            enterprise_number=actor.enterprise,
            service="training",
            iban="x",
            email="x@test.example",
            audit_bureau="Kiwa",
            audited_on=at.date(),
            is_declared=True,
            asked_by=actor.person_id,
            asked_at=at,
        )
        Document.objects.create(
            request=request, kind="certificate", name="x.pdf", sealed=b"x", size=1, digest="x"
        )
        Measure.objects.create(
            provider_id=provider, kind="session", on=at.date(), reasons="x", person_id=1, at=at
        )

    def _proofs(self, person: int, enterprise: str) -> None:
        """All by which somebody proves who they are, or asks to act for an enterprise."""
        at, who = self.world.now, f"hash-{person}"
        Attempt.objects.create(at=at, means="card", who=who, person_id=person, source="x", outcome="right")
        card = CodeCard.objects.create(
            who=who,
            person_id=person,
            state="ordered",
            sealed_national_number=b"x",
            ordered_at=at,
            expected_on=at.date(),
        )
        CardCode.objects.create(card=card, number=1, digest="x")
        TimeCode.objects.create(person_id=person, who=who, sealed_secret=b"x", added_at=at)
        EidTicket.objects.create(digest=who, state_digest="x", person_id=person, made_at=at)
        EmailConfirmation.objects.create(person_id=person, email="x@test.example", first_sent_at=at)
        asked = Activation.objects.create(
            person_id=person,
            enterprise_number=enterprise,
            state="needs_office",
            why_office="no_seat",
            asked_at=at,
        )
        LetterSent.objects.create(
            activation_id=asked.pk, person_id=person, enterprise_number=enterprise, at=at
        )
        Invitation.objects.create(
            reference=who,
            enterprise_number=enterprise,
            role="entrepreneur",
            email="x@test.example",
            name="An",
            invited_by=person,
            invited_at=at,
        )

    def _somebody(self, role: Role) -> Actor:
        if role is Role.ACCOUNTANT:
            mandate = Mandate.objects.get(enterprise_number=ENTERPRISE)
            return replace(
                self._person(role, Role.ENTREPRENEUR, enterprise="1999100516"),
                role=role,
                enterprise=ENTERPRISE,
                mandate=mandate.pk,
            )
        if role in FOR_AN_ENTERPRISE:
            return self._person(role, role, enterprise=ENTERPRISE)
        if role in OF_A_PROVIDER:
            return self._person(role, role, provider=self.world.provider_id)
        return self._person(role, role)

    def _person(self, name: str, role: Role, *, enterprise: str = "", provider: int | None = None) -> Actor:
        capacity = GivenCapacity(role, enterprise=enterprise, provider=provider)
        return self.world.person(f"een-{name}".replace("_", "-"), capacity)

    def keys(self, table: str, *enterprises: str) -> set[str]:
        """The rows of a table that belong to these enterprises."""
        return {key for key, enterprise in self.owners[table].items() if enterprise in enterprises}

    def seen(self, table: str) -> set[str]:
        """The rows that the connection sees now."""
        return {key for (key,) in _ask(f"SELECT {key_of(table)} FROM {table} t")}


def _ask(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@contextmanager
def as_web(actor: Actor | None, role: str = WEB) -> Iterator[None]:
    """Inside the ``with`` the connection is the web's, and works for that actor."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {role}")
    work_for(actor)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"SET ROLE {WORKER}")
        work_for(Actor.system())


@pytest.fixture
def town(world: World) -> Town:
    return Town(world)


def test_every_table_holds_rows_of_both_enterprises_or_of_nobody(town: Town) -> None:
    """Else the walls below would stand around empty yards."""
    for table in TABLES:
        if table in BOOKS_OF_THE_BANK:
            assert town.keys(table, NOBODYS), table
        else:
            assert town.keys(table, ENTERPRISE), table
            assert town.keys(table, OTHER_ENTERPRISE), table


def drafts(town: Town, *enterprises: str) -> set[str]:
    rows = _ask("SELECT id::text, enterprise_number FROM applications_application WHERE state = 'draft'")
    return {key for key, enterprise in rows if enterprise in enterprises}


def may_see(town: Town, role: Role, table: str) -> tuple[set[str], set[str]]:
    """What a role must see of a table, and what it must not."""
    everything = set(town.owners[table])
    own, other = town.keys(table, ENTERPRISE), town.keys(table, OTHER_ENTERPRISE)
    if role in EVERYBODYS[table]:
        hidden = drafts(town, ENTERPRISE, OTHER_ENTERPRISE) if table == "applications_application" else set()
        if table in NOBODYS_MONEY and role not in BOOKS:
            hidden |= town.keys(table, NOBODYS)
        return everything - hidden, hidden
    if table in PROOFS:
        return set(), everything
    if table == "providers_measure":  # for its provider alone, not for who buys from it
        return (own, other) if role in OF_A_PROVIDER else (set(), everything)
    if role is Role.ACCOUNTANT and table in OF_PEOPLE:
        return own, other  # and their own office's
    if role is Role.ACCOUNTANT and table == "identity_mandate":
        return everything, set()  # both enterprises gave one to the same office
    if role in FOR_AN_ENTERPRISE and table in OF_ONE_PERSON:
        return set(), other
    if role in FOR_AN_ENTERPRISE:
        return own, everything - own - (town.keys(table, NOBODYS) if table in OF_PEOPLE else set())
    if role in OF_A_PROVIDER and table in OF_A_CUSTOMER:
        hidden = drafts(town, ENTERPRISE) if table == "applications_application" else set()
        return own - hidden if table == "applications_application" else set(), other | hidden
    return set(), own | other if table not in OF_PEOPLE else set()


Record = Callable[[str, object], None]


def told(record_property: Record, count: int, surprises: list[str]) -> None:
    """For the last lines of the run, and for whoever has to look."""
    record_property("matrix", ("straight on the database", count, len(surprises)))
    assert not surprises, "\n" + "\n".join(surprises)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_sees_what_it_must_and_nothing_else(town: Town, role: Role, record_property: Record) -> None:
    """A cell is a row: whoever it belongs to, this role must see it, must not, or may do either."""
    surprises, count = [], 0
    with as_web(town.actors[role]):
        seen = {table: town.seen(table) for table in TABLES}
    for table in TABLES:
        must, must_not = may_see(town, role, table)
        count += len(must) + len(must_not)
        surprises += [f"{role} does not see {table} {key}" for key in must - seen[table]]
        surprises += [f"{role} sees {table} {key}" for key in must_not & seen[table]]
    told(record_property, count, surprises)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_changes_nothing_of_another(town: Town, role: Role, record_property: Record) -> None:
    surprises, count = [], 0
    for table in sorted(WALLS):
        before = _ask(f"SELECT count(*) FROM {table}")
        hidden = may_not_change(town, role, table)
        for statement in (
            f"UPDATE {table} t SET {column_of(table)} = {column_of(table)} RETURNING {key_of(table)}",
            f"DELETE FROM {table} t RETURNING {key_of(table)}",
        ):
            changed = _changed(town.actors[role], statement)
            count += len(hidden)
            surprises += [f"{role} changes {table} {key}: {statement}" for key in changed & hidden]
        assert _ask(f"SELECT count(*) FROM {table}") == before
    told(record_property, count, surprises)


def may_not_change(town: Town, role: Role, table: str) -> set[str]:
    """The rows that are certainly not for this role to change."""
    everything, other = set(town.owners[table]), town.keys(table, OTHER_ENTERPRISE)
    if table in APPEND_ONLY:
        return everything
    if role not in CHANGERS:
        return everything - own_keys(town, role, table)
    if role in FOR_AN_ENTERPRISE:
        return other
    if role in OF_A_PROVIDER:
        return other if table in OF_A_CUSTOMER | OF_PEOPLE else everything
    return everything if table in PROOFS else set()


def own_keys(town: Town, role: Role, table: str) -> set[str]:
    """Who changes nothing still has a row of their own as a person."""
    person = town.actors[role].person_id
    return {str(person)} if table == "identity_person" else set()


def _changed(actor: Actor, statement: str) -> set[str]:
    """The rows that a statement of the web would change; it is undone, and no right counts as no rows."""
    try:
        with as_web(actor), transaction.atomic():
            rows = {key for (key,) in _ask(statement)}
            transaction.set_rollback(True)
    except DatabaseError:
        return set()
    return rows


@pytest.mark.parametrize("role", [WEB, REPORT, WORKER])
def test_without_an_actor_nothing_is_visible(town: Town, role: str) -> None:
    with as_web(None, role):
        for table in sorted(WALLS):
            assert town.seen(table) == set(), table


@pytest.mark.parametrize("role", ROLES)
def test_reports_read_under_the_same_walls_and_change_nothing(
    town: Town, role: Role, record_property: Record
) -> None:
    actor, surprises, count = town.actors[role], [], 0
    with as_web(actor):
        on_screen = {table: town.seen(table) for table in TABLES}
    with as_web(actor, REPORT):
        for table in TABLES:
            count += len(town.owners[table])
            different = town.seen(table) ^ on_screen[table]
            surprises += [f"a report of {role} differs on {table} {key}" for key in different]
    for table in sorted(WALLS):
        count += 1
        with (
            as_web(actor, REPORT),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
        ):
            _ask(f"DELETE FROM {table} RETURNING 1")
    told(record_property, count, surprises)


def test_a_wall_that_fell_is_seen(town: Town) -> None:
    """The matrix can fail: without the wall of the applications, and with one that forgets whose they are."""
    table = "applications_application"
    _must, must_not = may_see(town, Role.ENTREPRENEUR, table)
    for mistake in (
        f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        f"ALTER POLICY sees ON {table} USING (true)",
    ):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"SET ROLE NONE; {mistake}; SET ROLE {WORKER}")
            with as_web(town.actors[Role.ENTREPRENEUR]):
                assert must_not <= town.seen(table)
            transaction.set_rollback(True)
    with as_web(town.actors[Role.ENTREPRENEUR]):
        assert not must_not & town.seen(table)


def test_the_web_can_not_become_the_platform(town: Town) -> None:
    """What the worker may, it may as the worker: the web saying so of itself opens nothing."""
    with as_web(Actor.system()):
        for table in sorted(WALLS):
            assert town.seen(table) == set(), table
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            _ask("SELECT id FROM bank_movement")


def test_at_the_gate_only_people_are_seen(town: Town) -> None:
    with as_web(None):
        work_at_the_gate()
        seen = {table for table in WALLS if town.seen(table)}
    assert seen == {
        "identity_person",
        "identity_capacity",
        "identity_mandate",
        "cases_case",
        "post_paperletter",
        "activation_activation",
        "activation_invitation",
        *PROOFS,
    }


def test_a_person_sees_their_own_proofs_and_nobody_elses(town: Town) -> None:
    """But a ticket of an identity card is for the gate alone."""
    with as_web(town.world.entrepreneur):
        for table in sorted(PROOFS - {"signin_eidticket"}):
            assert town.seen(table) == town.keys(table, ENTERPRISE), table
        assert town.seen("signin_eidticket") == set()


def test_who_only_looks_notes_no_attempt_to_sign_in(town: Town) -> None:
    """The office lets somebody try again, which is noted beside the attempts; who only reads them adds none."""
    insert = """INSERT INTO signin_attempt (at, means, who, person_id, source, outcome)
        VALUES (now(), 'card', 'x', {person}, 'x', 'released') RETURNING id"""
    insert = insert.format(person=town.world.entrepreneur.person_id)
    for role in (Role.AUDITOR, Role.HELP_DESK):
        with (
            as_web(town.actors[role]),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
        ):
            _ask(insert)
    with as_web(town.actors[Role.OFFICE]):
        assert _ask(insert)


def test_nobody_writes_history_in_anothers_name(town: Town) -> None:
    actor = town.actors[Role.ENTREPRENEUR]
    insert = """INSERT INTO history_event
        (at, verb, role, person_id, enterprise_number, subject, subject_id, reason, facts)
        VALUES (now(), 'approve', 'office', {person}, '{enterprise}', 'application', 1, '', '{{}}') RETURNING id"""
    with as_web(actor):
        for person in (town.world.office.person_id, "NULL"):
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                _ask(insert.format(person=person, enterprise=ENTERPRISE))
        assert _ask(insert.format(person=actor.person_id, enterprise=ENTERPRISE))


def test_nobody_applies_for_another_enterprise(town: Town) -> None:
    with (
        as_web(town.actors[Role.ENTREPRENEUR]),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        _ask(
            f"UPDATE applications_application SET enterprise_number = '{OTHER_ENTERPRISE}' "
            "WHERE state = 'draft' RETURNING 1"
        )
