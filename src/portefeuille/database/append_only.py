"""Tables whose rows are never changed, deleted or truncated: by right for web and worker, by trigger for the owner."""

from __future__ import annotations

from django.db import migrations

APPEND_ONLY = (
    "wallet_transfer",
    "history_event",
    "history_look",
    "applications_decision",
    "bank_movement",
    "signin_attempt",
    "providers_document",
    "providers_measure",
)

CREATE_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$
"""


def append_only(table: str) -> migrations.RunSQL:
    """The migration step that makes a table append-only, for its owner too."""
    assert table in APPEND_ONLY, f"add {table} to APPEND_ONLY: prepare_database takes the rights away"
    return migrations.RunSQL(
        [
            CREATE_FUNCTION,
            f"""CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
        ],
        [f"DROP TRIGGER {table}_append_only ON {table}"],
    )
