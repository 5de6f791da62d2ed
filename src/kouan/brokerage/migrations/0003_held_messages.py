"""What the firm's own system sent and waits for its checker stands in the queue too."""

from importlib import import_module

from django.db import migrations, models

BEFORE = import_module("kouan.brokerage.migrations.0002_waiting_by_noted_days").WAITING
WAITING = (
    BEFORE
    + """union all
select h.message_id, 'goods_held', 'to_check', h.organisation_id, h.client_no, h.client_code, h.client_name, null,
    h.received_at, null, ''
from goods_heldmessage h where h.check_state = 'to_check'
"""
)
DROP = "drop view brokerage_waiting"


class Migration(migrations.Migration):
    dependencies = [("brokerage", "0002_waiting_by_noted_days"), ("goods", "0005_held_messages")]

    operations = [
        migrations.RunSQL([DROP, WAITING], [DROP, BEFORE]),
        migrations.AlterField(
            model_name="batchrow",
            name="document",
            field=models.CharField(
                choices=[
                    ("goods_draft", "报关单草稿"),
                    ("goods", "报关单"),
                    ("goods_held", "接口报送的报关单"),
                    ("parcel_draft", "清单草稿"),
                    ("parcel_sheet", "清单表格"),
                    ("parcel", "进口清单"),
                    ("delegation", "委托"),
                    ("request", "委托申请"),
                ],
                max_length=12,
                verbose_name="单证",
            ),
        ),
    ]
