"""Entries and seals can be added only: the database itself refuses to change or delete a row."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON "{table}"
FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
"""
TABLES = ("audit_auditentry", "audit_auditseal")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_the_record_and_its_seals")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION audit_refuse_change()"),
        *[
            migrations.RunSQL(TRIGGER.format(table=table), f'DROP TRIGGER never_changed ON "{table}"')
            for table in TABLES
        ],
    ]
