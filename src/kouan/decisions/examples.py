"""Examples: cases that a table has to decide in a known way. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kouan.decisions.engine import CompiledTable
from kouan.decisions.types import Decision, Example, TableContent
from kouan.records.problems import Problem

MOST_EXAMPLES = 200


@dataclass(frozen=True, slots=True)
class Tried:
    """An example, what was decided, and the results that came out otherwise than expected."""

    example: Example
    decision: Decision
    otherwise: tuple[str, ...]

    @property
    def has_passed(self) -> bool:
        """Whether everything came out as expected."""
        return self.decision.problem is None and not self.otherwise


def try_examples(key: str, number: int, content: TableContent) -> list[Tried]:
    """Decide about every example of a table."""
    if not content.examples:
        return []
    table = CompiledTable(key, number, content)
    return [_tried(example, table.decide(example.context)) for example in content.examples]


def check_examples(content: TableContent) -> list[Problem]:
    """Find the examples that do not come out as expected, each as a problem that points at it."""
    found = []
    for place, tried in enumerate(try_examples("examples", 1, content)):
        if not tried.has_passed:
            results = "、".join(tried.otherwise) or "—"
            found.append(
                Problem(
                    "DEC-EXAMPLE", f"/examples/{place}", "error",
                    f"测试用例“{tried.example.name}”未通过：{results}",
                    f"The example {tried.example.name!r} does not come out as expected: {', '.join(tried.otherwise)}",
                    "更正表中的行，或更正该用例", "Mend the rows, or the example",
                )
            )  # fmt: skip
    return found


def _tried(example: Example, decision: Decision) -> Tried:
    otherwise = tuple(
        name for name, value in example.expected.items() if not _is_same(decision.outputs.get(name), value)
    )
    return Tried(example, decision, otherwise)


def _is_same(found: object, expected: object) -> bool:
    """Whether a result is the expected one; the order in which results were gathered says nothing."""
    if isinstance(found, Sequence) and not isinstance(found, str):
        wanted = expected if isinstance(expected, list | tuple) else [expected]
        return sorted(map(str, found)) == sorted(map(str, wanted))
    return found == expected
