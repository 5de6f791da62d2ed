"""How long things take: distributions that a model names, with their means."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from kouan.quant.simulation import draws

KINDS = {
    "constant": draws.CONSTANT,
    "uniform": draws.UNIFORM,
    "exponential": draws.EXPONENTIAL,
    "triangular": draws.TRIANGULAR,
    "lognormal": draws.LOGNORMAL,
    "weibull": draws.WEIBULL,
    "erlang": draws.ERLANG,
    "empirical": draws.EMPIRICAL,
}


class NotADistribution(ValueError):
    """Parameters that no distribution of non-negative numbers has."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(f"{zh} / {en}")


@dataclass(frozen=True, slots=True)
class Distribution:
    """A distribution over numbers from zero up: its kind (see ``draws.draw``), parameters and, if empirical, values."""

    kind: str
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        a, b, c = self.a, self.b, self.c
        finite = all(math.isfinite(number) for number in (a, b, c, *self.values))
        ok = {
            "constant": a >= 0,
            "uniform": 0 <= a <= b,
            "exponential": a >= 0,
            "triangular": 0 <= a <= b <= c,
            "lognormal": b >= 0,
            "weibull": a >= 0 and b > 0,
            "erlang": a >= 0 and b == int(b) and 1 <= b <= 1000,
            "empirical": bool(self.values) and min(self.values) >= 0 and list(self.values) == sorted(self.values),
        }.get(self.kind, False)
        if not (finite and ok):
            raise NotADistribution(
                f"分布 {self.kind} 的参数无效", f"these are no parameters of a {self.kind} distribution"
            )

    @property
    def mean(self) -> float:
        """The expected value."""
        a, b, c = self.a, self.b, self.c
        match self.kind:
            case "uniform":
                return (a + b) / 2
            case "triangular":
                return (a + b + c) / 3
            case "lognormal":
                return math.exp(a + b * b / 2)
            case "weibull":
                return a * math.gamma(1 + 1 / b)
            case "empirical":
                if len(self.values) == 1:
                    return self.values[0]
                return float((np.array(self.values[1:]) + np.array(self.values[:-1])).mean() / 2)
            case _:
                return a

    def scaled(self, factor: float) -> Distribution:
        """The distribution of ``factor`` times the number."""
        if not factor >= 0 or not math.isfinite(factor):
            raise NotADistribution("倍数应为非负数", "a factor is zero or more")
        if factor == 0:
            return Distribution("constant", 0.0)
        if self.kind == "lognormal":
            return Distribution("lognormal", self.a + math.log(factor), self.b)
        if self.kind in ("weibull", "erlang"):
            return Distribution(self.kind, self.a * factor, self.b)
        if self.kind == "empirical":
            return Distribution("empirical", values=tuple(value * factor for value in self.values))
        return Distribution(self.kind, self.a * factor, self.b * factor, self.c * factor)


def lognormal(mean: float, cv: float) -> Distribution:
    """A lognormal distribution by its mean and coefficient of variation."""
    if not (mean > 0 and cv >= 0):
        raise NotADistribution(
            "对数正态分布的均值应为正、变异系数非负", "a lognormal has a mean above zero and a cv of zero or more"
        )
    deviation = math.sqrt(math.log1p(cv * cv))
    return Distribution("lognormal", math.log(mean) - deviation**2 / 2, deviation)


def weibull(mean: float, shape: float) -> Distribution:
    """A Weibull distribution by its mean and shape."""
    if not (mean >= 0 and shape > 0):
        raise NotADistribution(
            "韦布尔分布的均值应非负、形状为正", "a Weibull has a mean of zero or more and a shape above zero"
        )
    return Distribution("weibull", mean / math.gamma(1 + 1 / shape), shape)


class Table:
    """Distributions laid out for the compiled loop: one row each, empirical values in one vector."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, float, float, float]] = []
        self._values: list[float] = []
        self._places: dict[tuple[Distribution, float], int] = {}

    def add(self, distribution: Distribution, scale: float = 1.0) -> int:
        """The row of a distribution, times ``scale``."""
        key = (distribution, scale)
        if key not in self._places:
            made = distribution if scale == 1.0 else distribution.scaled(scale)
            if made.kind == "empirical":
                row = (draws.EMPIRICAL, float(len(self._values)), float(len(self._values) + len(made.values)), 0.0)
                self._values.extend(made.values)
            else:
                row = (KINDS[made.kind], made.a, made.b, made.c)
            self._places[key] = len(self._rows)
            self._rows.append(row)
        return self._places[key]

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Kinds int64 ``(rows,)``, parameters float64 ``(rows, 3)`` and values float64."""
        rows = self._rows or [(draws.CONSTANT, 0.0, 0.0, 0.0)]
        return (
            np.array([row[0] for row in rows], dtype=np.int64),
            np.array([row[1:] for row in rows], dtype=np.float64),
            np.array(self._values or [0.0], dtype=np.float64),
        )
