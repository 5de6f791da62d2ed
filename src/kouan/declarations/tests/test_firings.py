"""How often the rows of a decision table fired among the newest cases."""

from datetime import UTC, datetime

import pytest

from kouan.decisions.firing import is_counted
from kouan.declarations import selectors
from kouan.declarations.models import Case
from kouan.kernel.identifiers import uuid7

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def make_case(version: int, *rows: str, table: str = "parcel_routing") -> Case:
    identifier = uuid7()
    return Case.objects.create(
        id=identifier,
        gross_weight_kg=1,
        total_value=1,
        sender_id=identifier,
        connection_id=identifier,
        message_id=identifier,
        version=1,
        internal_no=str(identifier),
        state_since=AT,
        received_at=AT,
        routing={"table": table, "version": version, "rows": list(rows)} if version else {},
    )


def test_it_works():
    make_case(1, "cosmetics", "every_case")
    make_case(1, "every_case")
    make_case(2, "every_case")
    make_case(1, "every_case", table="another")
    make_case(0)
    firings = selectors.count_firings("parcel_routing", 1)
    assert (firings.looked_at, firings.decided) == (5, 2)
    assert firings.by_row == {"cosmetics": 1, "every_case": 2}


def test_only_the_newest_cases_are_looked_at():
    make_case(1, "cosmetics", "every_case")
    make_case(1, "every_case")
    firings = selectors.count_firings("parcel_routing", 1, newest=1)
    assert (firings.looked_at, firings.by_row) == (1, {"every_case": 1})


def test_the_routing_table_is_counted():
    assert is_counted("parcel_routing")
