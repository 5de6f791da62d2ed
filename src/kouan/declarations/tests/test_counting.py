"""What indicators count is a range of the key, however many parcels are stored."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import connection

from kouan.declarations import selectors
from kouan.declarations.models import Case
from kouan.kernel.dates import CHINA_TIME

pytestmark = pytest.mark.django_db


def test_a_month_is_a_range_of_the_key():
    since, until = (datetime(2026, month, 1, tzinfo=CHINA_TIME) for month in (5, 6))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = selectors.received_between(Case.objects.filter(released_at__isnull=False), since, until).explain()
    assert "(id >= " in plan.split("Filter")[0]
    assert selectors.count_between(since, until) == 0
    assert selectors.median_hours_to_release(since, until) is None
