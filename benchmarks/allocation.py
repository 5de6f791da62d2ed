"""generalised assignment and set packing against plain HiGHS and CP-SAT models, to best known values.

Beside the public files there are three instances of the hard family (costs fall as uses rise) made here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.peer_models import by_cp_sat, by_highs
from benchmarks.public_instances import arguments, line, show, text_of

from kouan.quant.allocation import assignment, checker, door, packing
from kouan.quant.allocation.readers import read_assignment, read_packing
from kouan.quant.allocation.types import Assignment
from kouan.quant.solving import Stop

ASSIGNMENTS = {"allocation/c10100": 1402, "allocation/d10100": 6347}
PACKINGS = {
    "allocation/pb_100rnd0100.dat": 372,
    "allocation/pb_200rnd1300.txt": 571,
    "allocation/pb_500rnd0100.dat": 323,
}


def main(argv: list[str] | None = None) -> int:
    """Run all instances with all methods and print one table."""
    args = arguments("allocation", __doc__, argv, 45.0)
    door.warm_up()
    rows: list[dict[str, Any]] = []
    problems: list[tuple[str, Assignment, float | None]] = []
    for path, known in ASSIGNMENTS.items():
        text = text_of(path)
        if text is not None:
            problems.append((path, read_assignment(text), known))
    problems += [
        (f"made d{agents}{jobs}", made(agents, jobs), None) for agents, jobs in ((5, 100), (20, 100), (10, 200))
    ]
    for name, problem, known in problems:
        if args.only not in name:
            continue
        stop = Stop(args.seconds)
        result = assignment.solve(problem, stop)
        assert result.solution is not None and not checker.check_assignment(problem, result.solution)[1]
        rows.append(line(name, "kouan", result, stop, known))
        if not args.no_peers:
            for who, peer in (("highs", by_highs), ("cp-sat", by_cp_sat)):
                stop = Stop(args.seconds)
                rows.append(line(name, who, peer(assignment.whole_model(problem), stop), stop, known))
    for path, known in PACKINGS.items():
        text = text_of(path)
        if text is None or args.only not in path:
            continue
        problem = read_packing(text)
        stop = Stop(args.seconds)
        result = packing.solve(problem, stop)
        assert result.solution is not None and not checker.check_packing(problem, result.solution)[1]
        rows.append(line(path, "kouan", result, stop, known))
        if not args.no_peers:
            model = packing.row_model(problem)
            stop = Stop(args.seconds)
            rows.append(line(path, "highs", by_highs(model, stop, -1.0), stop, known))
            stop = Stop(args.seconds)
            rows.append(line(path, "cp-sat", by_cp_sat(model, stop, sign=-1.0), stop, known))
    return show(rows, args.json)


def made(agents: int, jobs: int) -> Assignment:
    """An instance of the family d: uses 1 to 100, costs 111 less the use, give or take 10, four fifths of the room."""
    draw = np.random.default_rng(1)
    use = draw.integers(1, 101, (agents, jobs)).astype(float)
    cost = 111 - use + draw.integers(-10, 11, (agents, jobs))
    return Assignment(cost, use, np.floor(0.8 * use.sum(axis=1) / agents))


if __name__ == "__main__":
    raise SystemExit(main())
