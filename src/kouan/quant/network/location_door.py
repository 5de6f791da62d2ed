"""places sites: capacitated location and p-median (OR-Library cap and pmed files).

The format is told from the file: a first line of three numbers is a p-median. The capacity of files that leave it open
(capa, capb, capc) is given by --capacity.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from kouan.quant.drawing import COLOURS, Picture
from kouan.quant.solving import Result, Stop

if TYPE_CHECKING:
    from kouan.quant.network.types import Location, Sites


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what only this problem takes."""
    parser.add_argument("--capacity", type=float, metavar="C", help="所有场址的容量 / capacity of every site")
    parser.add_argument(
        "--single-source", action="store_true", help="每个客户只由一个场址服务 / one site for each customer"
    )
    parser.add_argument("--format", choices=("auto", "cap", "pmed"), default="auto", help="文件格式 / file format")
    parser.add_argument(
        "--explain",
        action="store_true",
        help="附上解释：影子价格、约束、落选原因 / add shadow prices, binding limits, reasons",
    )


def read(text: str, args: argparse.Namespace) -> Location:
    """Read either format."""
    from kouan.quant.network.readers import read_capacitated, read_median
    from kouan.quant.reading import UnusableProblem

    first = next((line for line in text.splitlines() if line.strip()), "")
    kind = args.format if args.format != "auto" else "pmed" if len(first.split()) == 3 else "cap"
    if kind == "pmed":
        return read_median(text)
    if args.capacity is not None and not 0 <= args.capacity < float("inf"):
        raise UnusableProblem("--capacity 应为非负数", "--capacity is a number, zero or more")
    return read_capacitated(text, args.capacity, single_source=args.single_source)


def solve(problem: Location, stop: Stop, seed: int, args: argparse.Namespace) -> Result[Sites]:
    """Solve it."""
    from kouan.quant.network import location

    return location.solve(problem, stop, seed)


def warm_up() -> None:
    """Load the compiled parts."""
    import numpy as np

    from kouan.quant.network import location
    from kouan.quant.network.types import Location

    tiny = Location(np.array([1.0, 1.0]), np.full(2, np.inf), np.ones(2), np.array([[0.5, 1.5], [1.0, 0.25]]))
    location.solve(tiny, Stop(None))


def check(problem: Location, solution: Sites) -> tuple[float, list[tuple[str, str]]]:
    """Recompute a plan."""
    from kouan.quant.network.checker import check_sites

    return check_sites(problem, solution)


def to_plain(problem: Location, solution: Sites) -> dict[str, Any]:
    """Sites and customers numbered from 1, as in the files; a customer with one server is [customer, site]."""
    served = zip(solution.customer.tolist(), solution.served_by.tolist(), solution.share.tolist(), strict=True)
    return {
        "open": [site + 1 for site in solution.open.tolist()],
        "served": [
            [customer + 1, site + 1] if share > 1 - 1e-12 else [customer + 1, site + 1, share]
            for customer, site, share in sorted(served)
        ],
    }


def explain(problem: Location, solution: Sites) -> dict[str, Any]:
    """Shadow prices, binding limits and what each closed site would cost."""
    from kouan.quant.network.explaining import explain_sites

    return explain_sites(problem, solution)


def draw(problem: Location, result: Result[Sites]) -> Picture:
    """A map of customers and open sites. Without coordinates in the file, places are laid out by their costs."""
    import numpy as np

    plan = result.solution
    assert plan is not None
    unit = problem.cost / np.maximum(problem.demand, 1e-12)[None, :]
    table = unit - unit.mean(axis=0) - unit.mean(axis=1)[:, None] + unit.mean()
    left, strength, right = np.linalg.svd(-table, full_matrices=False)
    spread = np.sqrt(np.maximum(strength[:2], 1e-12))
    sites, customers = left[:, :2] * spread, right[:2].T * spread
    if sites.shape[1] < 2:
        sites, customers = (np.column_stack([xy, np.zeros(len(xy))]) for xy in (sites, customers))
    everything = np.vstack([sites, customers])
    low, high = everything.min(axis=0), everything.max(axis=0)
    scale = 700 / np.maximum(high - low, 1e-9)
    sites, customers = (sites - low) * scale + [40, 70], (customers - low) * scale + [40, 70]
    picture = Picture(780, 800, "选址方案 / placement of sites")
    picture.text(
        40,
        30,
        f"开设 {len(plan.open)} 个场址（示意布局，按费用远近） / {len(plan.open)} sites open (laid out by cost)",
        14,
    )
    colour = {int(site): COLOURS[k % len(COLOURS)] for k, site in enumerate(plan.open)}
    for site, customer, share in zip(plan.served_by.tolist(), plan.customer.tolist(), plan.share.tolist(), strict=True):
        (x1, y1), (x2, y2) = sites[site], customers[customer]
        picture.line(x1, y1, x2, y2, colour[site], 0.3 + 0.9 * share)
    load = np.bincount(plan.served_by, plan.share * problem.demand[plan.customer], len(problem.fixed))
    for customer, (x, y) in enumerate(customers):
        picture.circle(x, y, 2.2, "#555", f"客户 / customer {customer + 1}: {problem.demand[customer]:g}")
    for site in plan.open.tolist():
        hint = f"场址 / site {site + 1}: {load[site]:g} / {problem.capacity[site]:g}"
        picture.rectangle(sites[site, 0] - 6, sites[site, 1] - 6, 12, 12, colour[site], hint, "#111")
        picture.text(sites[site, 0] + 8, sites[site, 1] - 8, str(site + 1), 12)
    return picture
