"""asks a draft of the routing table what it would have decided of a million stored cases.

The store is filled by set-based SQL, with chapters, weights and values that vary. Beside it, in the same run: reading
the same columns of all those cases once in PostgreSQL (the physical limit), and deciding them one by one.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import timedelta
from typing import Any

from benchmarks import stored
from benchmarks.serving import rows, served

GOAL_SECONDS = 10
ONE_BY_ONE = 20_000

_VARY = """
update declarations_case set gross_weight_kg = (hashint4(hashtext(internal_no)) & 1023) / 30.0,
    hs_codes = array[lpad(((hashtext(internal_no) & 127) %% 97 + 1)::text, 2, '0') || '01101090', '1901101090']
"""
_READ = """
select count(*), sum(length(trade_mode) + length(customs_code) + length(place_code) + length(departure_country)
    + cardinality(hs_codes)), sum(gross_weight_kg), sum(total_value), count(routing->>'version')
from declarations_case where routed_version > 0
"""


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench replay", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000, help="预先入库的办件数 / cases stored before")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    args = parser.parse_args(words)
    with served(names=("web",)):
        fill(args.cases)
        found = measure()
    print(json.dumps(found) if args.json else table(found))
    return 0


def fill(cases: int) -> None:
    """Store cases that vary in what the table asks."""
    from django.db import connection

    from kouan.accounts.factories import make_organisation

    firms = [make_organisation("agent").pk for _ in range(stored.OTHER_FIRMS)]
    platform, big, small = (make_organisation(kind).pk for kind in ("platform", "agent", "agent"))
    with connection.cursor() as cursor:
        stored.fill(cursor, cases, stored.Firms(platform, big, small, firms, platform))
        cursor.execute(_VARY.replace("%%", "%"))
        cursor.execute("vacuum analyze declarations_case")


def measure() -> dict[str, Any]:
    """Replay a draft over all cases, read them once, and decide some one by one."""
    from django.utils import timezone

    from kouan.accounts.factories import make_user
    from kouan.decisions.services.editing import begin_version, save_version
    from kouan.decisions.services.replaying import ask_replay, run_replay
    from kouan.decisions.types import Row, TableContent

    at, clerk = timezone.now(), make_user("port_office_clerk")
    version = begin_version(actor=clerk, at=at, key="parcel_routing", number=1)
    content = TableContent.from_json(version.content)
    draft = (
        Row("over_25", {"gross_weight_kg": "> 25"}, {"agencies": "police"}, "重件", "heavy"),
        Row("dear", {"total_value_cny": "[600..800]"}, {"agencies": "emergency"}, "高值", "dear"),
        *content.rows,
    )
    save_version(
        actor=clerk, at=at, key="parcel_routing", number=version.number, digest=version.digest, since=version.since,
        source="bench", rows=draft,
    )  # fmt: skip
    asked = ask_replay(actor=clerk, at=at + timedelta(hours=1), key="parcel_routing", number=version.number, months=6)
    done = run_replay(replay_id=asked.pk, at=at)
    assert done.result is not None and done.seconds is not None, done.error
    started = time.monotonic()
    rows(_READ)
    read = time.monotonic() - started
    return {
        "cases": done.result["cases"],
        "changed": done.result["changed"],
        "groups": done.result["groups"],
        "replay_seconds": done.seconds,
        "read_seconds": read,
        "one_by_one_seconds": one_by_one(version.number) * done.result["cases"] / ONE_BY_ONE,
        "goal_seconds": GOAL_SECONDS,
    }


def one_by_one(number: int) -> float:
    """Give the seconds in which some cases are fetched and decided each by itself, by both versions."""
    from kouan.decisions.engine import CompiledTable
    from kouan.decisions.selectors import get_version
    from kouan.decisions.types import TableContent
    from kouan.declarations.replays import COLUMNS

    tables = [
        CompiledTable("parcel_routing", each, TableContent.from_json(get_version("parcel_routing", each).content))
        for each in (1, number)
    ]
    columns = ", ".join(COLUMNS.values())
    started = time.monotonic()
    found = rows(f"select {columns} from declarations_case c where routed_version > 0 limit {ONE_BY_ONE}")  # noqa: S608
    for row in found:
        context = dict(zip(COLUMNS, row, strict=True))
        context["hs_chapters"] = sorted({code[:2] for code in context["hs_chapters"]})
        for each in tables:
            each.decide(context)
    return time.monotonic() - started


def table(found: dict[str, Any]) -> str:
    """Give the figures as one table."""
    return "\n".join(
        [
            f"{found['cases']:,} cases decided before · {found['groups']:,} kinds that the tables can tell apart"
            f" · {found['changed']:,} would come out otherwise",
            "",
            f"{'':40}{'seconds':>10}",
            f"{'limit: reading the columns once':40}{found['read_seconds']:10.1f}",
            f"{'Kouan, replay of a draft':40}{found['replay_seconds']:10.1f}",
            f"{'deciding case by case (extrapolated)':40}{found['one_by_one_seconds']:10.1f}",
            f"{'goal':40}{found['goal_seconds']:10.1f}",
        ]
    )
