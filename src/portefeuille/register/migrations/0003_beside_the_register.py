"""Functions with which web and worker, who own no tables, load a full extract beside the register.

Between ``register_next_begin`` and ``register_next_swap``, in one transaction, the tables ``register_next_...`` are
filled. Whoever reads meanwhile reads the old tables; only the swap needs them for itself, for as long as a commit takes.
They run with the rights of the owner, can do nothing but this, and do it to these tables only.
"""

from django.db import migrations

TABLES = """ARRAY['enterprise', 'establishment', 'denomination', 'address', 'contact', 'activity', 'branch',
    'searchentry', 'searchword']"""

HEAD = "RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

# Whoever has a right on the old table has it on the new one. Writers wait until the end: what they write now would be
# lost with the old tables.
BEGIN = f"""
CREATE FUNCTION register_next_begin() {HEAD} AS $$
DECLARE
    name text;
    right_ record;
BEGIN
    FOREACH name IN ARRAY {TABLES} LOOP
        EXECUTE format('LOCK TABLE register_%s IN SHARE MODE', name);
        EXECUTE format('CREATE TABLE register_next_%s (LIKE register_%s INCLUDING DEFAULTS INCLUDING IDENTITY)',
                       name, name);
        FOR right_ IN
            SELECT grants.privilege_type AS verb,
                   CASE grants.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grants.grantee)) END AS who
            FROM pg_class, aclexplode(relacl) AS grants
            WHERE oid = ('register_' || name)::regclass AND grants.grantee <> relowner
        LOOP
            EXECUTE format('GRANT %s ON register_next_%s TO %s', right_.verb, name, right_.who);
        END LOOP;
    END LOOP;
END $$
"""

# The indexes of the old tables, whatever they are, on the new ones.
INDEX = f"""
CREATE FUNCTION register_next_index() {HEAD} SET maintenance_work_mem = '256MB' AS $$
DECLARE
    name text;
    old record;
BEGIN
    FOREACH name IN ARRAY {TABLES} LOOP
        FOR old IN
            SELECT pg_class.relname AS index_name, indisprimary AS is_primary, pg_get_indexdef(indexrelid) AS definition
            FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = ('register_' || name)::regclass
        LOOP
            EXECUTE regexp_replace(
                old.definition, '^(CREATE (UNIQUE )?INDEX) .* ON [^ ]+ USING ',
                format('\\1 %I ON register_next_%s USING ', 'next_' || old.index_name, name));
            IF old.is_primary THEN
                EXECUTE format('ALTER TABLE register_next_%s ADD PRIMARY KEY USING INDEX %I',
                               name, 'next_' || old.index_name);
            END IF;
        END LOOP;
        EXECUTE format('ANALYZE register_next_%s', name);
    END LOOP;
END $$
"""

# Without waiting: a lock that waits makes every reader behind it wait too. Whoever calls this tries again.
SWAP = f"""
CREATE FUNCTION register_next_swap() {HEAD} AS $$
DECLARE
    name text;
    new record;
BEGIN
    FOREACH name IN ARRAY {TABLES} LOOP
        EXECUTE format('LOCK TABLE register_%s IN ACCESS EXCLUSIVE MODE NOWAIT', name);
    END LOOP;
    FOREACH name IN ARRAY {TABLES} LOOP
        EXECUTE format('DROP TABLE register_%s', name);
        EXECUTE format('ALTER TABLE register_next_%s RENAME TO register_%s', name, name);
        FOR new IN
            SELECT pg_class.relname AS index_name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
            WHERE indrelid = ('register_' || name)::regclass
        LOOP
            EXECUTE format('ALTER INDEX %I RENAME TO %I', new.index_name, substr(new.index_name, length('next_') + 1));
        END LOOP;
        IF to_regclass(format('register_next_%s_id_seq', name)) IS NOT NULL THEN
            EXECUTE format('ALTER SEQUENCE register_next_%s_id_seq RENAME TO register_%s_id_seq', name, name);
        END IF;
    END LOOP;
END $$
"""

NAMES = ("register_next_begin", "register_next_index", "register_next_swap")


class Migration(migrations.Migration):
    dependencies = [("register", "0002_search_and_ceased")]

    operations = [
        migrations.RunSQL(
            [BEGIN, INDEX, SWAP, *(f"REVOKE EXECUTE ON FUNCTION {name}() FROM PUBLIC" for name in NAMES)],
            [f"DROP FUNCTION {name}()" for name in NAMES],
        )
    ]
