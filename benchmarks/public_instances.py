"""Where the benchmarks of the solvers find third-party instances, and how they print their rows.

The project ships no such instance. They are looked for in the folder that KOUAN_BENCH names, or in ../shared/bench
beside the project; a benchmark says which ones it did not find and goes on with instances that it makes itself.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from kouan.quant.solving import Result, Stop

FOLDER = Path(os.environ.get("KOUAN_BENCH", Path(__file__).resolve().parents[2] / "shared" / "bench"))


def arguments(name: str, text: str | None, argv: list[str] | None, seconds: float) -> argparse.Namespace:
    """Read what every benchmark of a solver takes."""
    parser = argparse.ArgumentParser(prog=f"kouan bench {name}", description=text)
    parser.add_argument(
        "--seconds", type=float, default=seconds, help="每例每法的时限 / limit for each method and instance"
    )
    parser.add_argument(
        "--only", metavar="WORD", default="", help="只跑名称含此词的算例 / only instances whose name holds it"
    )
    parser.add_argument("--no-peers", action="store_true", help="不跑对照方法 / leave out the peers")
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    return parser.parse_args(argv)


def text_of(path: str) -> str | None:
    """The text of an instance; ``None`` where it is not at hand."""
    file = FOLDER / path
    return file.read_text() if file.is_file() else None


def line(instance: str, who: str, result: Result[Any], stop: Stop, known: float | None) -> dict[str, Any]:
    """One row of the table; ``off`` is the distance from the best known value in per cent."""
    off = None if known is None or result.objective is None else 100 * (result.objective - known) / known
    return {
        "instance": instance,
        "who": who,
        "objective": result.objective,
        "bound": result.bound,
        "gap_percent": None if result.gap is None else round(100 * result.gap, 4),
        "off_best_known_percent": None if off is None else round(off, 4),
        "seconds": round(stop.elapsed(), 2),
    }


def show(rows: list[dict[str, Any]], as_json: bool) -> int:
    """Print the table."""
    if as_json:
        print(json.dumps(rows))
        return 0
    print(f"{'instance':<30}{'who':<10}{'objective':>18}{'bound':>18}{'gap %':>10}{'off best %':>12}{'seconds':>9}")
    for row in rows:
        values = [f"{row[name]:,.3f}" if row[name] is not None else "–" for name in ("objective", "bound")]
        shares = [
            f"{row[name]:.3f}" if row[name] is not None else "–" for name in ("gap_percent", "off_best_known_percent")
        ]
        print(
            f"{row['instance']:<30}{row['who']:<10}{values[0]:>18}{values[1]:>18}{shares[0]:>10}{shares[1]:>12}{row['seconds']:>9.2f}"
        )
    return 0
