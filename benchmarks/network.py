"""location, p-median and network design against the plain HiGHS model of the same, to best known values.

Beside the public files there is one capacitated location of 100 sites and 1,000 customers made here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from benchmarks.peer_models import by_highs
from benchmarks.public_instances import arguments, line, show, text_of

from kouan.quant.network import checker, design, location, location_door
from kouan.quant.network.readers import read_canad, read_capacitated, read_median
from kouan.quant.network.serving import whole_model
from kouan.quant.network.types import Location
from kouan.quant.solving import Stop

DESIGNS = {"network/c33.dow": 423_848, "network/c35.dow": 371_475}


def main(argv: list[str] | None = None) -> int:
    """Run all instances with all methods and print one table."""
    args = arguments("network", __doc__, argv, 60.0)
    location_door.warm_up()
    rows: list[dict[str, Any]] = []
    for name, problem, known in locations():
        if args.only not in name:
            continue
        stop = Stop(args.seconds)
        result = location.solve(problem, stop)
        assert result.solution is not None and not checker.check_sites(problem, result.solution)[1]
        rows.append(line(name, "kouan", result, stop, known))
        if not args.no_peers:
            stop = Stop(args.seconds)
            rows.append(line(name, "highs", by_highs(whole_model(problem)[0], stop), stop, known))
    for path, known in DESIGNS.items():
        text = text_of(path)
        if text is None or args.only not in path:
            continue
        problem = read_canad(text)
        stop = Stop(args.seconds)
        result = design.solve(problem, stop)
        assert result.solution is not None and not checker.check_lines(problem, result.solution)[1]
        rows.append(line(path, "kouan", result, stop, known))
        if not args.no_peers:
            stop = Stop(args.seconds)
            rows.append(line(path, "highs", by_highs(design.weak_model(problem), stop), stop, known))
    return show(rows, args.json)


def locations() -> list[tuple[str, Location, float | None]]:
    """The instances at hand: (name, problem, best known value)."""
    found: list[tuple[str, Location, float | None]] = []
    text = text_of("location/cap131.txt")
    if text is not None:
        found.append(("cap131", read_capacitated(text), 793_439.562))
    text = text_of("location/pmed1.txt")
    if text is not None:
        found.append(("pmed1", read_median(text), 5_819))
    text = text_of("location/capa.txt")
    if text is not None:
        found += [(f"capa-{room}", read_capacitated(text, float(room)), None) for room in (8_000, 10_000)]
    draw = np.random.default_rng(1)
    sites, places, demand = draw.random((100, 2)), draw.random((1000, 2)), draw.integers(1, 100, 1000).astype(float)
    cost = 1000 * np.linalg.norm(sites[:, None] - places[None], axis=2) * demand
    fixed = draw.integers(1_000_000, 2_000_000, 100).astype(float)
    found.append(("made 100 x 1000", Location(fixed, np.full(100, demand.sum() / 6), demand, cost), None))
    distance = np.floor(1000 * np.linalg.norm(places[:400, None] - places[None, :400], axis=2))
    found.append(
        ("made median 400/20", Location(np.zeros(400), np.full(400, np.inf), np.ones(400), distance, exactly=20), None)
    )
    return found


if __name__ == "__main__":
    raise SystemExit(main())
