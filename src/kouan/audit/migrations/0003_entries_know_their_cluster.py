"""Entries carry the identifier of the PostgreSQL cluster whose transaction wrote them, from the first one on."""

from django.db import migrations

SET_DEFAULT = """
DO $$ BEGIN EXECUTE format(
    'ALTER TABLE audit_auditentry ALTER COLUMN cluster SET DEFAULT %s',
    (SELECT system_identifier FROM pg_control_system())
); END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_rows_are_never_changed")]

    operations = [migrations.RunSQL(SET_DEFAULT, "ALTER TABLE audit_auditentry ALTER COLUMN cluster SET DEFAULT 0")]
