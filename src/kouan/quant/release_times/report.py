"""The figures of a log as one plain table: what ``./kouan clock stats`` prints and a study starts from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kouan.quant.release_times.durations import OutlierRule, Summary, summarise, summarise_strata
from kouan.quant.release_times.log import EventLog, NotAsked
from kouan.quant.release_times.paths import count_variants, draw_graph, find_rework, list_variants
from kouan.quant.release_times.stages import Stage, measure_stage
from kouan.quant.release_times.survival import follow

_UNITS = {"s": 1, "min": 60, "h": 3600, "d": 86400, "秒": 1, "分钟": 60, "小时": 3600, "天": 86400}


def report_log(
    log: EventLog,
    *,
    target: float | None = None,
    by: str = "",
    stages: Sequence[Stage] = (),
    rule: OutlierRule | None = None,
    level: float = 0.95,
    full: bool = False,
) -> dict[str, Any]:
    """Sum a log up.

    target: seconds; adds the share of cases within it. by: an attribute; adds the figures per label.
    stages: adds the figures of each, unfinished cases counted as such. rule: outliers to leave out of the durations.
    full: adds edges, variants, rework, where cases begin and end, and the steps that take the most time.
    """
    graph = draw_graph(log)
    seconds = log.case_seconds()
    kept, remark = (rule or OutlierRule()).keep(seconds)
    figures = summarise(seconds[kept], target=target, level=level)
    report: dict[str, Any] = {
        "events": log.events,
        "cases": log.cases,
        "activities": len(log.activities),
        "variants": count_variants(log),
        "edges": len(graph.edges),
        "case_seconds": _flat(figures),
        "level": level,
        "quality": [item.to_json() for item in (*log.quality, *([remark] if remark else []))],
    }
    if by:
        chosen = log.choose(kept) if remark else log
        strata = summarise_strata(chosen, seconds[kept], by, target=target, level=level)
        report["strata"] = {name: _flat(part) for name, part in strata.items()}
    if stages:
        report["stages"] = {stage.name: report_stage(log, stage, target=target, level=level) for stage in stages}
    if full:
        report |= {
            "dfg": [
                {
                    "before": edge.before,
                    "after": edge.after,
                    "count": edge.count,
                    "total_seconds": edge.total_seconds,
                    "mean": edge.mean_seconds,
                    "median": edge.median_seconds,
                    "p90": edge.p90_seconds,
                }
                for edge in graph.edges
            ],
            "begins": graph.begins,
            "ends": graph.ends,
            "activity_counts": graph.counts,
            "top_variants": [{"path": list(v.path), "count": v.count} for v in list_variants(log)[:50]],
            "rework": [
                {
                    "activity": r.activity,
                    "cases": r.cases,
                    "cases_again": r.cases_again,
                    "at_once": r.at_once,
                    "repeats": r.repeats,
                }
                for r in find_rework(log)
            ],
            "bottlenecks": [
                {"before": edge.before, "after": edge.after, "total_seconds": edge.total_seconds}
                for edge in graph.bottlenecks()
            ],
        }
    return report


def report_stage(log: EventLog, stage: Stage, *, target: float | None = None, level: float = 0.95) -> dict[str, Any]:
    """Sum one stage up: the finished cases, and all cases with the unfinished as censored."""
    spans = measure_stage(log, stage)
    made: dict[str, Any] = {
        "begins": list(stage.begins),
        "ends": list(stage.ends),
        "cases": len(spans.cases),
        "unfinished": int((~spans.finished).sum()),
        "quality": [remark.to_json() for remark in spans.quality],
    }
    if spans.finished.any():
        made["finished"] = _flat(summarise(spans.seconds[spans.finished], target=target, level=level))
        curve = follow(spans.seconds, spans.finished, level=level)
        made["all"] = {
            "median": curve.quantile(0.5).to_json(),
            "p90": curve.quantile(0.9).to_json(),
            "restricted_mean": curve.restricted_mean(curve.longest).to_json() if curve.longest > 0 else None,
            "horizon": curve.longest,
        }
    return made


def _flat(figures: Summary) -> dict[str, Any]:
    made: dict[str, Any] = {"count": figures.count}
    intervals = {}
    for name in ("mean", "median", "p90", "p95", "within"):
        estimate = getattr(figures, name)
        if estimate is None:
            continue
        parts = estimate.to_json()
        made[name] = parts["value"]
        intervals[name] = [parts["low"], parts["high"]]
    return made | {"least": figures.least, "most": figures.most, "intervals": intervals}


def read_seconds(text: str) -> float:
    """Read a span such as ``90``, ``45 min``, ``24h`` or ``3 天`` as seconds. Raises NotAsked."""
    match = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([a-z]+|[\u4e00-\u9fff]+)?\s*", text)
    if not match or (match[2] and match[2] not in _UNITS):
        raise NotAsked(f"“{text}”不是时长，可写 45min、24h、3d", f"'{text}' is no span of time; write 45min, 24h or 3d")
    return float(match[1]) * _UNITS[match[2] or "s"]


def read_stage(text: str) -> Stage:
    """Read a stage written as ``name: A|B -> C``; without a name the text names it. Raises NotAsked."""
    head, arrow, end = text.rpartition("->")
    name, colon, begin = head.partition(": ")
    if not colon:
        name, begin = text.strip(), head
    begins = tuple(part.strip() for part in begin.split("|") if part.strip())
    ends = tuple(part.strip() for part in end.split("|") if part.strip())
    if not arrow or not begins or not ends:
        raise NotAsked(
            f"阶段“{text}”应写作 名称: 起点 -> 终点", f"the stage '{text}' should be written as name: from -> to"
        )
    return Stage(name.strip(), begins, ends)


def read_rule(text: str) -> OutlierRule:
    """Read an outlier rule: ``none``, ``tukey``, ``tukey:1.5`` or ``ceiling:30d``. Raises NotAsked."""
    kind, _, number = text.partition(":")
    if kind == "none":
        return OutlierRule()
    if kind == "tukey":
        return OutlierRule("tukey", read_seconds(number) if number else 3.0)
    if kind == "ceiling" and number:
        return OutlierRule("ceiling", read_seconds(number))
    raise NotAsked(
        f"极端值规则“{text}”应为 none、tukey:3 或 ceiling:30d",
        f"the rule '{text}' should be none, tukey:3 or ceiling:30d",
    )
