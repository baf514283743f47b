"""The walls between enterprises, beneath the application: who sees and changes which rows, as the database holds it.

The application asks for permission first (``identity.roles``); these policies repeat it where a forgotten condition in
a query would otherwise show one enterprise to another. Every table stands in one list: ``OPEN``, with the
reason why it needs no wall, or ``WALLS``, or is hidden behind a view.

Who is behind a connection stands in settings of the session (``identity.acting`` sets them for each request):
``kmo.role``, ``kmo.person``, ``kmo.enterprise``, ``kmo.provider`` and ``kmo.key``. Without them nothing is visible.
Three roles connect. The web's sees what its actor may see. The worker's acts as the platform itself, and only while the
session says so. Reports read, under the same walls as the web.

``gate`` is who somebody is before it is known who they are: the sign-in reads and writes people and the proofs of who
they are, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from portefeuille.database.roles import REPORT, WEB, WORKER


def _setting(name: str, kind: str = "text") -> str:
    """The value of a session's setting, NULL when it has none; in a subselect, so that it is read once a statement."""
    return f"(SELECT nullif(current_setting('kmo.{name}', true), '')::{kind})"


def _role(*roles: str) -> str:
    """Whether the session's role is one of these: a truth that is known before the first row, so that a plan does not
    take it for a condition that hardly any row meets.
    """
    named = ", ".join(f"'{role}'" for role in roles)
    return f"(SELECT current_setting('kmo.role', true) IN ({named}))"


KEY = _setting("key")
ENTERPRISE, PROVIDER, PERSON = (
    _setting("enterprise"),
    _setting("provider", "bigint"),
    _setting("person", "bigint"),
)

GATE, MAILBOX, SYSTEM = _role("gate"), _role("mailbox"), _role("system")
SOMEBODY = f"{PERSON} IS NOT NULL"
STAFF_READS = _role("operator", "office", "inspector", "auditor", "help_desk")
STAFF_WRITES = _role("operator", "office")
BOOKS_READ = _role("operator", "office", "inspector", "auditor")
OPERATOR = _role("operator")
OFFICE = _role("office")
HELPERS = _role("office", "help_desk", "auditor")
OFFICE_READS = _role("office", "auditor")

OWN_ENTERPRISE = f"enterprise_number = {ENTERPRISE}"
OWN_PERSON = f"person_id = {PERSON}"


def _application(number: str) -> str:
    """An application with this id is visible: the walls of its own table say so.

    A column that applications have too must come with the name of its own table, or it would mean theirs.
    """
    return f"EXISTS (SELECT 1 FROM applications_application seen WHERE seen.id = {number})"


def _own_application(number: str) -> str:
    """The same, and it is for this actor to change."""
    return f"""EXISTS (SELECT 1 FROM applications_application own WHERE own.id = {number}
        AND (own.enterprise_number = {ENTERPRISE} OR own.provider_id = {PROVIDER} OR {STAFF_WRITES}))"""


@dataclass(frozen=True, slots=True)
class Wall:
    """Conditions in SQL on a row of the table: who sees it, who may add it, and who may change it (as ``writes``)."""

    sees: str
    writes: str
    changes: str = ""


def _of_application(column: str) -> Wall:
    return Wall(_application(column), _own_application(column))


_BOOKS = Wall(BOOKS_READ, OPERATOR)

# A client's applications are seen, not changed, by the people of the office that holds its mandate; to change
# something they act for the client.
_CLIENT = f"""enterprise_number IN (SELECT given.enterprise_number FROM identity_mandate given
    WHERE given.office_number = {ENTERPRISE} AND given.ended_at IS NULL)"""

# A code is seen with its card; by the office only in the moment that it is written for a card without an address.
_CARD = f"""EXISTS (SELECT 1 FROM signin_codecard card WHERE card.id = signin_cardcode.card_id
    AND (card.{OWN_PERSON} OR {GATE} OR ({OFFICE} AND card.state = 'no_address')))"""

# What the office settles of letters that lack an address is opened, and closed when it became needless, at the gate.
_OF_A_LETTER = f"(kind IN ('letter_address', 'card_address') AND {GATE})"

# A provider's own request, of which its people open the case and close it when they take it back.
_OF_OWN_REQUEST = f"""(kind = 'recognition' AND EXISTS (SELECT 1 FROM providers_recognitionrequest asked
    WHERE asked.id = cases_case.subject_id AND asked.provider_id = {PROVIDER}))"""

_REQUEST = """EXISTS (SELECT 1 FROM providers_recognitionrequest asked
    WHERE asked.id = providers_document.request_id"""

WALLS: dict[str, Wall] = {
    "applications_application": Wall(
        f"{OWN_ENTERPRISE} OR (state <> 'draft' AND ({STAFF_READS} OR provider_id = {PROVIDER})) OR {_CLIENT}",
        f"{OWN_ENTERPRISE} OR (state <> 'draft' AND ({STAFF_WRITES} OR provider_id = {PROVIDER}))",
    ),
    "applications_participant": _of_application("application_id"),
    "applications_decision": _of_application("application_id"),
    "applications_ceilinguse": Wall(
        f"{OWN_ENTERPRISE} OR {STAFF_READS} OR {_CLIENT}", f"{OWN_ENTERPRISE} OR {STAFF_WRITES}"
    ),
    "wallet_wallet": _of_application("wallet_wallet.id"),
    "wallet_transfer": Wall(
        f"{BOOKS_READ} OR {_application('wallet_id')}", f"{OPERATOR} OR {_own_application('wallet_id')}"
    ),
    "wallet_payment": Wall(
        f"{BOOKS_READ} OR {_application('wallet_id')}", f"{OPERATOR} OR {_own_application('wallet_id')}"
    ),
    "bank_statementfile": _BOOKS,
    "bank_statement": _BOOKS,
    "bank_bankexception": _BOOKS,
    "bank_paymentrun": _BOOKS,
    "history_event": Wall(
        f"{OWN_PERSON} OR {OWN_ENTERPRISE} OR {STAFF_READS}"
        f" OR (subject = 'application' AND {_application('subject_id')})",
        f"{OWN_PERSON} OR {GATE}",  # nobody who is known writes history in another's name
    ),
    "history_look": Wall(f"{OWN_PERSON} OR {OWN_ENTERPRISE} OR {STAFF_READS}", OWN_PERSON),
    "history_idempotencykey": Wall(f"actor = {KEY}", f"actor = {KEY}"),
    "messages_message": Wall(
        f"{OWN_ENTERPRISE} OR {STAFF_READS} OR {_application('application_id')} OR {MAILBOX}",
        f"{SOMEBODY} OR {GATE}",
        changes="false",  # sending is the worker's
    ),
    "identity_person": Wall(
        f"id = {PERSON} OR {STAFF_READS} OR {GATE}"
        " OR EXISTS (SELECT 1 FROM identity_capacity held WHERE held.person_id = identity_person.id)"
        " OR EXISTS (SELECT 1 FROM history_event acted WHERE acted.person_id = identity_person.id"
        f" AND acted.enterprise_number = {ENTERPRISE})"
        " OR EXISTS (SELECT 1 FROM history_look looked WHERE looked.person_id = identity_person.id"
        f" AND looked.enterprise_number = {ENTERPRISE} AND looked.for_enterprise <> '')",
        f"id = {PERSON} OR {GATE}",
    ),
    "identity_capacity": Wall(
        f"{OWN_PERSON} OR {OWN_ENTERPRISE} OR provider_id = {PROVIDER} OR {STAFF_READS} OR {GATE}",
        f"{OWN_ENTERPRISE} OR provider_id = {PROVIDER} OR {OFFICE} OR {GATE}",
    ),
    "identity_mandate": Wall(
        f"{OWN_ENTERPRISE} OR office_number = {ENTERPRISE} OR {STAFF_READS} OR {GATE}"
        f" OR office_number IN (SELECT held.enterprise_number FROM identity_capacity held"
        f" WHERE held.{OWN_PERSON} AND held.ended_at IS NULL AND held.enterprise_number <> '')",
        f"{OWN_ENTERPRISE} OR office_number = {ENTERPRISE}",
    ),
    "identity_enterpriseprofile": Wall(
        f"{OWN_ENTERPRISE} OR {STAFF_READS} OR {_CLIENT} OR EXISTS (SELECT 1 FROM applications_application sold"
        " WHERE sold.enterprise_number = identity_enterpriseprofile.enterprise_number)",
        OWN_ENTERPRISE,
    ),
    "cases_case": Wall(
        f"{OFFICE_READS} OR {OWN_ENTERPRISE} OR {_OF_A_LETTER} OR {_OF_OWN_REQUEST}",
        f"{OFFICE} OR {OWN_ENTERPRISE} OR {_OF_A_LETTER} OR {_OF_OWN_REQUEST}",
    ),
    "providers_recognitionrequest": Wall(
        f"{OWN_ENTERPRISE} OR provider_id = {PROVIDER} OR {OFFICE_READS}",
        f"{OWN_ENTERPRISE} OR provider_id = {PROVIDER} OR {OFFICE}",
    ),
    "providers_document": Wall(
        f"{_REQUEST})",
        f"{_REQUEST} AND (asked.enterprise_number = {ENTERPRISE} OR asked.provider_id = {PROVIDER}))",
    ),
    # Why a recognition was suspended or struck off is for its provider and for staff; that it was, is public.
    "providers_measure": Wall(
        f"provider_id = {PROVIDER} OR {_role('office', 'inspector', 'auditor')}", OFFICE
    ),
    # The proofs of who somebody is, and of who may act for whom: found out at the gate, owned by a person.
    "signin_attempt": Wall(f"{OWN_PERSON} OR {GATE} OR {HELPERS}", f"{OWN_PERSON} OR {GATE} OR {OFFICE}"),
    "signin_codecard": Wall(
        f"{OWN_PERSON} OR {GATE} OR {OFFICE_READS}",
        f"{OWN_PERSON} OR {GATE}",
        changes=f"{OWN_PERSON} OR {GATE}"
        f" OR ({OFFICE} AND activated_at IS NULL AND state IN ('no_address', 'sent', 'blocked'))",
    ),
    "signin_cardcode": Wall(_CARD, _CARD),
    "signin_timecode": Wall(f"{OWN_PERSON} OR {GATE}", f"{OWN_PERSON} OR {GATE}"),
    "signin_eidticket": Wall(GATE, GATE),
    "activation_emailconfirmation": Wall(f"{OWN_PERSON} OR {GATE}", f"{OWN_PERSON} OR {GATE}"),
    "activation_activation": Wall(
        f"{OWN_PERSON} OR {OWN_ENTERPRISE} OR {OFFICE_READS} OR {GATE}", f"{OWN_PERSON} OR {OFFICE} OR {GATE}"
    ),
    "activation_lettersent": Wall(
        f"{OWN_PERSON} OR {OFFICE_READS} OR {GATE}",
        f"{OWN_PERSON} OR {OFFICE} OR {GATE}",
        changes="false",  # they are counted, so that nobody asks for a letter every day
    ),
    "activation_invitation": Wall(
        f"{OWN_ENTERPRISE} OR provider_id = {PROVIDER} OR {GATE}",
        f"{OWN_ENTERPRISE} OR provider_id = {PROVIDER} OR {GATE}",
    ),
    "post_paperletter": Wall(
        f"{OWN_PERSON} OR {OFFICE_READS} OR {GATE}", f"{OWN_PERSON} OR {OFFICE} OR {GATE}"
    ),
}

# Loaded with COPY, which PostgreSQL refuses beside row-level security. Only the worker has a right on these tables; the
# others read a view that is the wall.
BEHIND_A_VIEW = {"bank_movement": "bank_movement_seen"}

OPEN: dict[str, str] = {
    "register_enterprise": "public: the KBO publishes it",
    "register_establishment": "public: the KBO publishes it",
    "register_denomination": "public: the KBO publishes it",
    "register_address": "public: the KBO publishes it",
    "register_contact": "public: the KBO publishes it",
    "register_activity": "public: the KBO publishes it",
    "register_branch": "public: the KBO publishes it",
    "register_nacecode": "public: the KBO publishes it",
    "register_code": "public: the KBO publishes it",
    "register_searchentry": "public: made of what the KBO publishes",
    "register_searchword": "public: made of what the KBO publishes",
    "register_extract": "public: which extract the register shows",
    "providers_provider": "public: who is recognised, and the account that customers' invoices show",
    "providers_recognition": "public: the register of recognised providers",
    "bank_bankaccount": "public: the account on which everybody deposits",
    "budget_budget": "one row a year that every approval reserves from; it names nobody",
    "django_session": "found by a key that only its owner has, before it is known who that is; not for reports",
    "django_content_type": "the framework's own list of tables",
    "django_migrations": "the framework's own list of migrations",
    "auth_group": "the framework's; empty",
    "auth_group_permissions": "the framework's; empty",
    "auth_permission": "the framework's; unused",
    "procrastinate_jobs": "the queue of work: ids only",
    "procrastinate_events": "the queue of work: ids only",
    "procrastinate_periodic_defers": "the queue of work: ids only",
    "procrastinate_workers": "the queue of work: ids only",
}


def policies() -> Iterator[str]:
    """The statements that lay every wall anew; harmless to run again."""
    for table, wall in WALLS.items():
        changes = wall.changes or wall.writes
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        for name in ("platform", "sees", "writes", "changes", "deletes"):
            yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY platform ON {table} TO {WORKER} USING ({SYSTEM})"
        yield f"CREATE POLICY sees ON {table} FOR SELECT TO {WEB}, {REPORT} USING ({wall.sees})"
        yield f"CREATE POLICY writes ON {table} FOR INSERT TO {WEB} WITH CHECK ({wall.writes})"
        yield f"CREATE POLICY changes ON {table} FOR UPDATE TO {WEB} USING ({changes})"
        yield f"CREATE POLICY deletes ON {table} FOR DELETE TO {WEB} USING ({changes})"
