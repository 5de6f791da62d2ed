"""event logs: load, variants, graph with medians, case figures with intervals, against pm4py, polars and duckdb.

kouan bench clock --events 10000000            a Parquet file of ten million events, made here from a seed
kouan bench clock --file LOG --only ours,pm4py your own log
Every method runs in a process of its own; CPU seconds count all its threads, and memory is its peak. The answers must
be equal. pm4py (AGPL), duckdb and pandas are peers for this table only: `pip install pm4py`.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CASE, ACTIVITY, TIME = "case:concept:name", "concept:name", "time:timestamp"


def main(argv: list[str]) -> int:
    """Make or take a log, run each method on it, print one table."""
    parser = argparse.ArgumentParser(prog="kouan bench clock", description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--form", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--file", type=Path)
    parser.add_argument("--only", default="ours,polars,duckdb,pm4py")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--one", choices=("make", "ours", "polars", "duckdb", "pm4py"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.one == "make":
        make_log(args.events, args.file)
        return 0
    if args.one:
        print(json.dumps(measure(args.one, args.file)))
        return 0
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        path = args.file
        if path is None:
            path = Path(folder) / f"log.{args.form}"
            # In a process of its own as well: the peak of memory is handed down to children.
            words = [sys.executable, __file__, "--one", "make", "--events", str(args.events), "--file", str(path)]
            subprocess.run(words, check=True)
        for method in args.only.split(","):
            rows.append(run_apart(method, path))
    mend_ratios(rows)
    if args.json:
        print(json.dumps({"rows": rows}, ensure_ascii=False))
    else:
        print_table(rows)
    same = len({json.dumps(row["answer"]) for row in rows if "answer" in row}) <= 1
    print("答案一致 the answers are equal" if same else "答案不一致！the answers differ!", file=sys.stderr)
    return 0 if same else 1


def make_log(events: int, path: Path) -> None:
    """Write a log of cases of 4 to 13 events in order of time, as systems write them."""
    import numpy as np
    import polars as pl

    random = np.random.default_rng(1)
    lengths = random.integers(4, 14, size=events // 8)
    lengths = lengths[: int(np.searchsorted(np.cumsum(lengths), events)) + 1]
    case = np.repeat(np.arange(len(lengths)), lengths)[:events]
    count = len(case)
    place = np.arange(count) - np.concatenate(([0], np.cumsum(lengths)))[case]
    gaps = random.exponential(3.6e9, count).astype(np.int64)
    run = np.cumsum(gaps)
    begin = (run - gaps)[np.concatenate(([0], np.cumsum(lengths)[:-1]))]
    at = 1_704_067_200_000_000 + random.integers(0, 365 * 86_400_000_000, len(lengths))[case] + run - begin[case]
    # Most cases follow the usual way; one in five steps is another.
    activity = np.where(random.random(count) < 0.2, random.integers(0, 20, count), place)
    order = np.argsort(at, kind="stable")
    frame = pl.DataFrame({"case": case[order], "activity": activity[order], "at": at[order]}).select(
        pl.format("MW2024{}", pl.col("case").cast(pl.String).str.zfill(9)).alias(CASE),
        pl.format("activity {}", pl.col("activity").cast(pl.String).str.zfill(2)).alias(ACTIVITY),
        pl.col("at").cast(pl.Datetime("us")).alias(TIME),
    )
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    else:
        frame.write_csv(path)


def run_apart(method: str, path: Path) -> dict[str, Any]:
    """Run one method in a process of its own."""
    words = [sys.executable, __file__, "--one", method, "--file", str(path)]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        return {"method": method, "fault": (done.stderr.strip().splitlines() or ["?"])[-1][:120]}
    return {"method": method, **json.loads(done.stdout.splitlines()[-1])}


def measure(method: str, path: Path) -> dict[str, Any]:
    """Time one method, imports and compilation (or its cache) left out."""
    work = {"ours": ours, "polars": by_polars, "duckdb": by_duckdb, "pm4py": by_pm4py}[method]()
    began, cpu = time.perf_counter(), time.process_time()
    answer = work(path)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "answer": answer,
    }


def ours() -> Callable[[Path], list[Any]]:
    """Everything that `kouan clock stats --full` counts, but the listing."""
    from kouan.quant.release_times.intake import Layout, log_from_rows
    from kouan.quant.release_times.reading import read_log
    from kouan.quant.release_times.report import report_log

    report_log(log_from_rows([("a", "x", 0.0), ("a", "y", 1.0)]))

    def work(path: Path) -> list[Any]:
        report = report_log(read_log(path, Layout(zone="UTC")))
        median = report["case_seconds"]["median"]
        return answer_of(report["events"], report["cases"], report["variants"], report["edges"], median)

    return work


def by_polars() -> Callable[[Path], list[Any]]:
    """Sort, shift and group in polars; the variant of a case is its list of activities."""
    import polars as pl

    def work(path: Path) -> list[Any]:
        if path.suffix == ".csv":
            frame = pl.read_csv(path, try_parse_dates=True)
        else:
            frame = pl.read_parquet(path)
        frame = frame.with_columns(pl.col(ACTIVITY).cast(pl.Categorical)).sort(CASE, TIME, maintain_order=True)
        cases = frame.group_by(CASE, maintain_order=False).agg(
            (pl.col(TIME).last() - pl.col(TIME).first()).dt.total_microseconds().alias("span"),
            pl.col(ACTIVITY).to_physical().cast(pl.String).str.join(",").alias("path"),
        )
        edges = (
            frame.with_columns(
                pl.col(ACTIVITY).shift(-1).over(CASE).alias("after"),
                (pl.col(TIME).shift(-1).over(CASE) - pl.col(TIME)).alias("gap"),
            )
            .drop_nulls("after")
            .group_by(ACTIVITY, "after")
            .agg(
                pl.len(),
                pl.col("gap").mean(),
                pl.col("gap").median().alias("median"),
                pl.col("gap").quantile(0.9).alias("p90"),
            )
        )
        spans = cases["span"] / 1e6
        _ = spans.mean(), spans.quantile(0.9), spans.quantile(0.95)
        return answer_of(frame.height, cases.height, cases["path"].n_unique(), edges.height, spans.median())

    return work


def by_duckdb() -> Callable[[Path], list[Any]]:
    """The same in SQL."""
    import duckdb

    def work(path: Path) -> list[Any]:
        base = duckdb.connect()
        base.execute(
            f'create table log as select "{CASE}" c, "{ACTIVITY}" a, "{TIME}" t from \'{path}\''  # noqa: S608
        )
        base.execute(
            "create table edge as select a, lead(a) over w b, epoch_us(lead(t) over w) - epoch_us(t) gap, c from log "
            "window w as (partition by c order by t)"
        )
        edges = base.execute(
            "select a, b, count(*), avg(gap), median(gap), quantile_cont(gap, 0.9) from edge where b is not null "
            "group by a, b"
        ).fetchall()
        cases = base.execute(
            "select count(*), count(distinct path), median(span), avg(span), quantile_cont(span, [0.9, 0.95]) from ("
            "select "
            "string_agg(a, ',' order by t) path, (epoch_us(max(t)) - epoch_us(min(t))) / 1e6 span from log group by c)"
        ).fetchone()
        assert cases is not None
        events = base.execute("select count(*) from log").fetchone()
        assert events is not None
        return answer_of(events[0], cases[0], cases[1], len(edges), cases[2])

    return work


def by_pm4py() -> Callable[[Path], list[Any]]:
    """Load with pandas; variants, both graphs and case durations with pm4py."""
    import numpy as np
    import pandas as pd
    import pm4py  # type: ignore[import-not-found]

    def work(path: Path) -> list[Any]:
        frame = pd.read_csv(path, parse_dates=[TIME]) if path.suffix == ".csv" else pd.read_parquet(path)
        frame = pm4py.format_dataframe(frame, case_id=CASE, activity_key=ACTIVITY, timestamp_key=TIME)
        variants = pm4py.get_variants(frame)
        graph, _, _ = pm4py.discover_dfg(frame)
        pm4py.discover_performance_dfg(frame)
        spans = np.array(pm4py.get_all_case_durations(frame))
        return answer_of(len(frame), len(spans), len(variants), len(graph), float(np.median(spans)))

    return work


def answer_of(events: int, cases: int, variants: int, edges: int, median: Any) -> list[Any]:
    """What all methods must agree on."""
    return [int(events), int(cases), int(variants), int(edges), round(float(median), 2)]


def mend_ratios(rows: list[dict[str, Any]]) -> None:
    """Say how many times as long each took as ours did."""
    base = next((row for row in rows if row["method"] == "ours" and "cpu" in row), None)
    for row in rows:
        if base and "cpu" in row:
            row["times"], row["times_cpu"] = row["seconds"] / base["seconds"], row["cpu"] / base["cpu"]


def print_table(rows: list[dict[str, Any]]) -> None:
    """Print the rows."""
    head = f"{'method':<10} {'seconds':>9} {'cpu s':>9} {'MB':>8} {'x ours':>8} {'x cpu':>8}"
    print(f"{head}  events, cases, variants, edges, median s")
    for row in rows:
        if "fault" in row:
            print(f"{row['method']:<10} – {row['fault']}")
            continue
        ratio = "".join(f" {row[name]:>8.1f}" if name in row else f" {'–':>8}" for name in ("times", "times_cpu"))
        print(
            f"{row['method']:<10} {row['seconds']:>9.2f} {row['cpu']:>9.2f} {row['mb']:>8.0f}{ratio}  {row['answer']}"
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
