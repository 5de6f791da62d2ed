"""Drafts may name persons: what stood in plain moves into the safe, and its column goes."""

from __future__ import annotations

from django.db import migrations, models

from kouan.safekeeping.safe import safe

_PROCEDURES = {
    "ordinary": "普通申报",
    "early": "提前申报",
    "two_step": "两步申报",
    "summary": "汇总申报",
}


def keep(apps, schema_editor):
    """Keep the values of every draft under the month in which they were last saved."""
    for draft in apps.get_model("goods", "GoodsDraft").objects.iterator(chunk_size=500):
        draft.kept_values = safe().keep_values(draft.values, draft.updated_at)
        if draft.values.get("procedure") in _PROCEDURES:
            draft.procedure = draft.values["procedure"]
        draft.save(update_fields=["kept_values", "procedure"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("goods", "0001_goods_declarations")]

    operations = [
        migrations.AddField("goodsdraft", "kept_values", models.BinaryField(default=b"", verbose_name="内容（加密）")),
        migrations.AddField(
            "goodsdraft",
            "procedure",
            models.CharField(
                choices=list(_PROCEDURES.items()), default="ordinary", max_length=10, verbose_name="申报方式"
            ),
        ),
        migrations.RunPython(keep, atomic=True),
        migrations.RemoveField("goodsdraft", "values"),
    ]
