"""Bring the database to this release: migrate as its owner, give each role exactly its rights, lay the walls."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from portefeuille.core.errors import Invalid
from portefeuille.database.append_only import APPEND_ONLY
from portefeuille.database.roles import ALL, FORMER, REPORT, WEB, WORKER
from portefeuille.database.walls import BEHIND_A_VIEW, OPEN, policies

# What the KBO publishes: pages read it, only the worker loads it.
OF_THE_REGISTER = sorted(table for table in OPEN if table.startswith("register_"))

# They run with the rights of the owner and put other tables in the place of the register's: no page needs that.
OF_THE_WORKER = ("register_next_begin", "register_next_index", "register_next_swap")

# Roles belong to the whole server: another database on it may be prepared at the same moment.
_CREATE_ROLE = """
DO $$ BEGIN
    CREATE ROLE {role} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

# The owner must be able to become each role, to see what it may; making a role does not give that to everybody.
_JOIN_ROLE = """
DO $$ BEGIN
    SET LOCAL ROLE {role};
    RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN
    EXECUTE format('GRANT {role} TO %I', session_user);
END $$
"""

_TAKE_AWAY = """
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {role};
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM {role};
REVOKE ALL ON SCHEMA public FROM {role};
"""

# A key of a session is as good as a sign-in: whoever makes reports reads none. Only the owner turns a sequence back.
_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {", ".join(ALL)};
GRANT SELECT ON ALL TABLES IN SCHEMA public TO {REPORT};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {WEB}, {WORKER};
REVOKE UPDATE ON ALL SEQUENCES IN SCHEMA public FROM {WEB}, {WORKER};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {WEB}, {WORKER};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {WEB}, {WORKER};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {WEB}, {WORKER};
REVOKE ALL ON django_session FROM {REPORT};
"""


class Command(BaseCommand):
    """Run as the owner; harmless to run again."""

    help = (
        "migrate the database, grant web, worker and reports their rights, lay the walls (run as the owner)"
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, make the roles that are missing, grant, lay the walls."""
        must_not_be_newer()
        call_command("migrate", verbosity=max(0, options["verbosity"] - 1), interactive=False)
        with connection.cursor() as cursor:
            known = _known_roles()
            for role in ALL:
                if role not in known:
                    cursor.execute(_CREATE_ROLE.format(role=role))
                cursor.execute(_JOIN_ROLE.format(role=role))
        with transaction.atomic(), connection.cursor() as cursor:
            for role in known.intersection(FORMER):
                cursor.execute(_TAKE_AWAY.format(role=role))
            cursor.execute(_GRANTS)
            for table in APPEND_ONLY:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {WEB}, {WORKER}")
            for table in BEHIND_A_VIEW:
                cursor.execute(f"REVOKE ALL ON {table} FROM {WEB}, {REPORT}")
            for table in OF_THE_REGISTER:
                cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {WEB}")
            for function in OF_THE_WORKER:
                cursor.execute(f"REVOKE EXECUTE ON FUNCTION {function}() FROM {WEB}")
            for policy in policies():
                cursor.execute(policy)


def _known_roles() -> set[str]:
    """Those of ours, of now and of before, that the server has."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [[*ALL, *FORMER]])
        return {name for (name,) in cursor.fetchall()}


def must_not_be_newer() -> None:
    """Refuse a database that a later release migrated: this one would read it wrongly. Raises Invalid."""
    loader = MigrationLoader(connection)
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("portefeuille.")}
    known = loader.disk_migrations.keys() | {
        old for step in loader.disk_migrations.values() for old in step.replaces
    }
    later = sorted(key for key in loader.applied_migrations if key[0] in ours and key not in known)
    if later:
        raise Invalid(
            f"Deze databank is gemaakt door een latere versie van het platform ({'.'.join(later[-1])}). "
            "Werk het programma bij, of gebruik een andere databank (bij de demo: een andere --state)."
        )
