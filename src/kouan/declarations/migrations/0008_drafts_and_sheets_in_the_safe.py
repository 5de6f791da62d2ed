"""Drafts and sheets name persons: what stood in plain moves into the safe, and its columns go."""

from __future__ import annotations

import zstandard
from django.db import migrations, models

from kouan.safekeeping.safe import safe


def keep(apps, schema_editor):
    """Keep the values of every draft and the bytes of every sheet under the month in which they were last written."""
    for draft in apps.get_model("declarations", "Draft").objects.iterator(chunk_size=500):
        draft.kept_values = safe().keep_values(draft.values, draft.updated_at)
        draft.save(update_fields=["kept_values"])
    for sheet in apps.get_model("declarations", "Sheet").objects.iterator(chunk_size=20):
        sheet.content = safe().keep(zstandard.decompress(bytes(sheet.content)), sheet.uploaded_at, level=3)
        sheet.save(update_fields=["content"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("declarations", "0007_exports")]

    operations = [
        migrations.AddField("draft", "kept_values", models.BinaryField(default=b"", verbose_name="表单内容（加密）")),
        migrations.RunPython(keep, atomic=True),
        migrations.RemoveField("draft", "values"),
        migrations.AlterField("sheet", "content", models.BinaryField(verbose_name="文件内容（加密）")),
    ]
