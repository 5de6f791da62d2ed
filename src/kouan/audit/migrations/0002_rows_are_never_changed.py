"""Entries and seals can be added only: the database itself refuses to change, delete or empty.

Emptying is allowed where the connection says so (`kouan.audit_may_be_emptied`): tests empty their own database.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' AND current_setting('kouan.audit_may_be_emptied', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGERS = """
CREATE TRIGGER never_changed BEFORE UPDATE OR DELETE ON "{table}"
FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON "{table}"
FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""
DROP = 'DROP TRIGGER never_changed ON "{table}"; DROP TRIGGER never_emptied ON "{table}"'
TABLES = ("audit_auditentry", "audit_auditseal")


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_the_record_and_its_seals")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION audit_refuse_change()"),
        *[migrations.RunSQL(TRIGGERS.format(table=table), DROP.format(table=table)) for table in TABLES],
    ]
