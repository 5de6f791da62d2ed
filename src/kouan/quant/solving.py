"""What every solver of Kouan takes and gives: a stop rule in, a result with an honest bound out.

A solver is ``solve(problem, stop, seed=0, params=...) -> Result``. Problem, stop rule, parameters, seed and result
are five things. The clock lives in the stop rule alone, so that a solver under a rule that counts steps is
reproducible to the last bit.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

Solution = TypeVar("Solution")
Status = Literal["optimal", "feasible", "infeasible", "unknown"]


class Stop:
    """A rule that says when a solver has to hand over what it has.

    seconds: wall time from the creation of the rule; ``None`` for no limit.
    gap: relative gap between objective and bound at which the search may end.
    cancelled: asked now and then; true ends the search (a signal, a closed window).
    watch: told every step on the way, for whoever waits.
    clock: returns seconds; tests give their own.
    """

    def __init__(
        self,
        seconds: float | None = 60.0,
        *,
        gap: float = 0.0,
        cancelled: Callable[[], bool] = lambda: False,
        watch: Callable[[Step], None] = lambda step: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if seconds is not None and not seconds >= 0:
            raise ValueError("a time limit is a number of seconds, zero or more")
        self.seconds, self.gap = seconds, gap
        self._cancelled, self._watch, self._clock = cancelled, watch, clock
        self._began = clock()

    def elapsed(self) -> float:
        """Seconds since the rule was made."""
        return self._clock() - self._began

    def remaining(self) -> float:
        """Seconds that are left, never negative; infinity without a limit."""
        return float("inf") if self.seconds is None else max(0.0, self.seconds - self.elapsed())

    def __call__(self) -> bool:
        """Whether the search has to end now."""
        return self._cancelled() or self.remaining() <= 0.0

    def note(self, objective: float | None, bound: float | None = None) -> Step:
        """The step that was just made, told to whoever watches; what is not finite counts as not known."""
        known = [None if value is None or not math.isfinite(value) else value for value in (objective, bound)]
        step = Step(self.elapsed(), *known)
        self._watch(step)
        return step


@dataclass(frozen=True, slots=True)
class Step:
    """One improvement on the way: when, and what was known then."""

    seconds: float
    objective: float | None
    bound: float | None


@dataclass(frozen=True, slots=True)
class Result(Generic[Solution]):
    """What a solver found and what it proved; ``optimal`` is said only where objective and bound meet.

    objective and bound are in the units of the problem; ``None`` where nothing is known. reasons names, in Chinese
    and English, the constraints that conflict when the status is ``infeasible``.
    """

    status: Status
    objective: float | None
    bound: float | None
    solution: Solution | None
    seconds: float
    seed: int = 0
    history: tuple[Step, ...] = ()
    reasons: tuple[tuple[str, str], ...] = ()
    params: dict[str, Any] = field(default_factory=dict)

    def found(self) -> Solution:
        """The solution; raises LookupError where there is none."""
        if self.solution is None:
            raise LookupError(f"没有方案（{self.status}） / there is no solution ({self.status})")
        return self.solution

    @property
    def gap(self) -> float | None:
        """Relative distance between objective and bound; ``None`` where either is unknown."""
        if self.objective is None or self.bound is None:
            return None
        distance = abs(self.objective - self.bound)
        return distance / abs(self.objective) if self.objective else (0.0 if distance == 0 else float("inf"))
