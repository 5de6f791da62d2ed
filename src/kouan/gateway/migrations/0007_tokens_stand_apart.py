from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("gateway", "0006_tokens_with_terms"),
    ]

    operations = [
        migrations.RemoveField(model_name="connection", name="token_digest"),
    ]
