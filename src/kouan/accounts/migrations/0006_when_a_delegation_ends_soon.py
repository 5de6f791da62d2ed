from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_sign_in_by_a_provider")]

    operations = [
        migrations.AddField(
            model_name="delegation",
            name="ends_soon_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="临近终止"),
        ),
        migrations.RunSQL(
            "update accounts_delegation set ends_soon_at = until - interval '14 days' where until is not null",
            migrations.RunSQL.noop,
        ),
    ]
