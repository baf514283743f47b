"""Bring the database to this release: migrate as its owner, then give web and worker exactly the rights they need."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from portefeuille.core.errors import Invalid
from portefeuille.database.append_only import APP_ROLE, APPEND_ONLY

# Roles belong to the whole server: another database on it may be prepared at the same moment.
CREATE_ROLE = f"""
DO $$ BEGIN
    CREATE ROLE {APP_ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""

# The owner must be able to become that role, to see what it may; making a role does not give that to everybody.
JOIN_ROLE = f"""
DO $$ BEGIN
    SET LOCAL ROLE {APP_ROLE};
    RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN
    EXECUTE format('GRANT {APP_ROLE} TO %I', session_user);
END $$
"""

GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {APP_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE};
GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE};
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {APP_ROLE};
"""


class Command(BaseCommand):
    """Run as the owner; harmless to run again."""

    help = "migrate the database and grant web and worker their rights (run as the owner)"

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, make the role when it is missing, grant."""
        must_not_be_newer()
        call_command("migrate", verbosity=max(0, options["verbosity"] - 1), interactive=False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
            if cursor.fetchone() is None:
                cursor.execute(CREATE_ROLE)
            cursor.execute(JOIN_ROLE)
            cursor.execute(GRANTS)
            for table in APPEND_ONLY:
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APP_ROLE}")


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
