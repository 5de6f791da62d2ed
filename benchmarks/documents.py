"""Reads official documents and holds tasks, units with roles, deadlines and figures against labels made by hand.

The labels stand in benchmarks/documents_labels (its README says how they were made and what counts); the documents are
read in place from ../shared/policy. A task is found if one with the same number, or else with overlapping characters,
is read; a unit by its task, full name and role; a deadline and a figure by overlapping characters and value. What the
labels call open (not_counted) counts neither for nor against. Speed is set against the two least things one can do with
a text: part it into lines, and look once for every bracket.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kouan.supervision.reading.document import read_document
from kouan.supervision.reading.types import DocumentReading, TaskReading

FOLDER = Path(__file__).parent / "documents_labels"
ROOT = Path(__file__).parents[1]
KINDS = ("tasks", "units", "deadlines", "figures", "bodies", "defaults")
PERIODS = {
    "每年": "year",
    "全年": "year",
    "年均": "year",
    "年度": "year",
    "每月": "month",
    "每季度": "quarter",
    "每天": "day",
}
SCALES = {"亿": Decimal(10**8), "千万": Decimal(10**7), "百万": Decimal(10**6), "万": Decimal(10**4)}
BRACKETS = str.maketrans("（〈<〔［[）〉>〕］]", "(((((())))))")


@dataclass(slots=True)
class Score:
    """What was labelled, read, and both; missed and invented name what differs."""

    labelled: int = 0
    read: int = 0
    both: int = 0

    @property
    def recall(self) -> float:
        return self.both / self.labelled if self.labelled else 1.0

    @property
    def precision(self) -> float:
        return self.both / self.read if self.read else 1.0

    def add(self, other: Score) -> None:
        self.labelled += other.labelled
        self.read += other.read
        self.both += other.both

    def to_dict(self) -> dict[str, Any]:
        return {
            "labelled": self.labelled,
            "read": self.read,
            "both": self.both,
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
        }


def main(words: list[str]) -> int:
    """Measure and print one table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="kouan bench documents", description=__doc__)
    parser.add_argument("--json", action="store_true", help="输出 JSON / print JSON")
    parser.add_argument("--differences", action="store_true", help="列出每处差异 / list every difference")
    parser.add_argument("--rounds", type=int, default=5, help="计时轮数 / rounds of timing (default 5)")
    args = parser.parse_args(words)
    rows, texts, differences = [], [], []
    total = {kind: Score() for kind in KINDS}
    for path in sorted(FOLDER.glob("*.json")):
        label = json.loads(path.read_text(encoding="utf-8"))
        source = ROOT / label["source"]["file"]
        if not source.is_file():
            print(f"{source} 不在 / is not there")
            continue
        text = source.read_bytes().decode("utf-8")
        scores, found = compare(label, read_document(text))
        for kind in KINDS:
            total[kind].add(scores[kind])
        rows.append({"document": path.stem, **{kind: scores[kind].to_dict() for kind in KINDS}})
        differences += [f"{path.stem}: {one}" for one in found]
        texts.append(text)
    found = {
        "documents": rows,
        "total": {kind: total[kind].to_dict() for kind in KINDS},
        "speed": speed(texts, args.rounds) if texts else {},
        **({"differences": differences} if args.differences else {}),
    }
    print(json.dumps(found, ensure_ascii=False) if args.json else table(found))
    return 0 if rows else 1


def compare(label: dict[str, Any], reading: DocumentReading) -> tuple[dict[str, Score], list[str]]:
    """Hold a reading against its label; return a score of each kind and the differences in words."""
    differences: list[str] = []
    scores = {kind: Score() for kind in KINDS}
    noted = [task for task in label["tasks"] if task["by"] == "note"]
    aside = [task["span"] for task in label["tasks"] if task["by"] != "note"]
    left = [task for task in reading.tasks if not any(overlap(task.span, span) for span in aside)]
    for task in noted:
        found = matching(task, left)
        if found:
            left.remove(found)
        scores["tasks"].add(Score(1, 1 if found else 0, 1 if found else 0))
        if not found:
            differences.append(f"missed task {task['clause']}")
        compare_task(task, found, scores, differences)
    for task in left:
        scores["tasks"].add(Score(0, 1, 0))
        differences.append(f"invented task {task.clause} {task.title[:20]}")
        counted(scores["units"], f"{task.clause} unit", [], units_read(task), [], differences)
        counted(scores["deadlines"], f"{task.clause} deadline", [], deadlines_read(task), [], differences)
        counted(scores["figures"], f"{task.clause} figure", [], figures_read(task), [], differences)
    members = [(name_of(one["unit"]), one["role"]) for body in label["bodies"] for one in body["members"]]
    read = [((name_of(one.unit), one.role), one.span) for body in reading.bodies for one in body.members]
    counted(scores["bodies"], "member", members, read, [], differences)
    compare_defaults(label, reading, scores["defaults"], differences)
    return scores, differences


def compare_task(
    task: dict[str, Any], found: TaskReading | None, scores: dict[str, Score], differences: list[str]
) -> None:
    """Hold units, deadlines and figures of a labelled task against those that were read."""
    clause, open_places = task["clause"], [one["span"] for one in task["not_counted"] if one.get("span")]
    units = [(name_of(one["name"]), one["role"]) for one in task["units"]]
    counted(scores["units"], f"{clause} unit", units, units_read(found), open_places, differences)
    deadlines = [(one["date"], tuple(one["span"])) for one in task["deadlines"]]
    paired(scores["deadlines"], f"{clause} deadline", deadlines, deadlines_read(found), open_places, differences)
    figures = [(figure_value(one["low"], one["high"], one["unit"]), tuple(one["span"])) for one in task["figures"]]
    paired(scores["figures"], f"{clause} figure", figures, figures_read(found), open_places, differences)


def compare_defaults(label: dict[str, Any], reading: DocumentReading, score: Score, differences: list[str]) -> None:
    """Hold what is said once for many tasks by the place where it stands."""
    spans = [tuple(one["span"]) for one in label["defaults"]]
    read = [one.span for one in reading.defaults]
    both = [span for span in spans if any(overlap(span, other) for other in read)]
    extra = [other for other in read if not any(overlap(span, other) for span in spans)]
    score.add(Score(len(spans), len(both) + len(extra), len(both)))
    differences += [f"missed default {span}" for span in spans if span not in both]
    differences += [f"invented default {reading.text[slice(*span)]}" for span in extra]


def counted(
    score: Score,
    what: str,
    labelled: list[Any],
    read: list[tuple[Any, tuple[int, int]]],
    open_places: Iterable[Any],
    differences: list[str],
) -> None:
    """Count values that are equal, each once; what was read only in an open place does not count."""
    left = list(labelled)
    for value, span in read:
        if value in left:
            left.remove(value)
            score.add(Score(1, 1, 1))
        elif not any(overlap(span, place) for place in open_places):
            score.add(Score(0, 1, 0))
            differences.append(f"invented {what} {value}")
    for value in left:
        score.add(Score(1, 0, 0))
        differences.append(f"missed {what} {value}")


def paired(
    score: Score,
    what: str,
    labelled: list[tuple[Any, tuple[int, int]]],
    read: list[tuple[Any, tuple[int, int]]],
    open_places: Iterable[Any],
    differences: list[str],
) -> None:
    """Count pairs that overlap in the text and have the same value; what stands only in an open place does not."""
    left = list(read)
    for value, span in labelled:
        found = next((one for one in left if overlap(one[1], span) and one[0] == value), None)
        score.add(Score(1, 1 if found else 0, 1 if found else 0))
        if found:
            left.remove(found)
        else:
            differences.append(f"missed {what} {value} at {span}")
    for value, span in left:
        if not any(overlap(span, place) for place in open_places):
            score.add(Score(0, 1, 0))
            differences.append(f"invented {what} {value} at {span}")


def matching(task: dict[str, Any], left: list[TaskReading]) -> TaskReading | None:
    """Find the reading of a labelled task: by number and place, or else by the larger part of its characters."""
    span = task["span"]
    same = [one for one in left if one.clause == task["clause"] and overlap(one.span, span)]
    near = [one for one in left if overlap(one.span, span) * 2 > max(one.span[1] - one.span[0], span[1] - span[0])]
    return (same or near or [None])[0]


def units_read(task: TaskReading | None) -> list[tuple[Any, tuple[int, int]]]:
    """Give name and role of the units that a task's own notes name; what a default adds is not compared here."""
    units = [one for one in task.units if one.default is None or one.role == "lead"] if task else []
    return [((name_of(one.name), one.role), one.span) for one in units]


def deadlines_read(task: TaskReading | None) -> list[tuple[Any, tuple[int, int]]]:
    return [(one.date.isoformat() if one.date else None, one.span) for one in task.deadlines] if task else []


def figures_read(task: TaskReading | None) -> list[tuple[Any, tuple[int, int]]]:
    return [(figure_value(one.low, one.high, one.unit), one.span) for one in task.figures] if task else []


def name_of(name: str) -> str:
    """Give a name with one shape of brackets and no spaces."""
    return re.sub(r"\s", "", name.translate(BRACKETS))


def figure_value(low: Any, high: Any, unit: str) -> tuple[Any, Any, str]:
    """Give a figure with 万 and 亿 multiplied out, without 余 and 个 as words of measure."""
    bare = unit.replace("余", "").replace("个百分点", "百分点").replace("％", "%")
    factor = Decimal(1)
    while (word := next((one for one in SCALES if bare.startswith(one)), None)) and bare != word:
        factor *= SCALES[word]
        bare = bare[len(word) :]
    if bare in SCALES:
        factor, bare = factor * SCALES[bare], ""
    bare = bare.removeprefix("个") if len(bare) > 1 else bare
    least, most = (Decimal(str(one)) * factor if one is not None else None for one in (low, high))
    return least, most, bare


def overlap(first: Any, second: Any) -> int:
    return max(0, min(first[1], second[1]) - max(first[0], second[0]))


def speed(texts: list[str], rounds: int) -> dict[str, Any]:
    """Measure characters of CPU time a second, beside parting into lines and one search for brackets."""
    size = sum(map(len, texts))
    bracket = re.compile(r"[(（〔\[][^()（）〔〕\[\]]*[)）〕\]]")
    tasks: dict[str, Callable[[], Any]] = {
        "read": lambda: [read_document(text) for text in texts],
        "lines": lambda: [text.splitlines() for text in texts],
        "brackets": lambda: [bracket.findall(text) for text in texts],
    }
    return {
        "characters": size,
        **{f"{name}_per_s": round(size / cpu_seconds(one, rounds)) for name, one in tasks.items()},
    }


def cpu_seconds(task: Callable[[], Any], rounds: int) -> float:
    """Give the least CPU time that a task took in a number of rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        task()
        best = min(best, time.process_time() - start)
    return max(best, 1e-9)


def table(found: dict[str, Any]) -> str:
    """Lay the figures out for people: precision/recall of each kind, and how many were labelled."""
    head = f"{'document':<44}" + "".join(f"{kind:>20}" for kind in KINDS)
    lines = [head]
    for row in [*found["documents"], {"document": "total", **found["total"]}]:
        cells = [f"{row[kind]['precision']:.3f}/{row[kind]['recall']:.3f} ({row[kind]['labelled']})" for kind in KINDS]
        lines.append(f"{row['document'][:42]:<44}" + "".join(f"{cell:>20}" for cell in cells))
    if found["speed"]:
        named = found["speed"]
        lines += ["", f"characters: {named['characters']}; a second of CPU: read {named['read_per_s']:,}, "
                  f"lines {named['lines_per_s']:,}, brackets {named['brackets_per_s']:,}"]  # fmt: skip
    return "\n".join([*lines, *found.get("differences", [])])
