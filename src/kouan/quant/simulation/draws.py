"""Random numbers that belong to a thing, not to a moment: common random numbers by construction.

A number is a hash of what it is for (run, source, case, step, visit, purpose). A scenario that serves cases in another
order, or drops a step, leaves every other case's numbers as they were, so that two scenarios differ only by what was
changed. The mixer is that of SplitMix64 (Steele, Lea, Flood 2014).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

CONSTANT, UNIFORM, EXPONENTIAL, TRIANGULAR, LOGNORMAL, WEIBULL, ERLANG, EMPIRICAL = range(8)


@njit(cache=True, nogil=True)
def mix(key, part):
    """Derive a key from a key and a part of a name, both taken as uint64."""
    z = np.uint64(key) + (np.uint64(part) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


@njit(cache=True, nogil=True)
def uniform(key):
    """A number between 0 and 1, both excluded, from a key."""
    return (np.float64(np.uint64(key) >> np.uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@njit(cache=True, nogil=True)
def normal_quantile(share):
    """The quantile of the standard normal distribution (Wichura 1988, algorithm AS 241, PPND16)."""
    q = share - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = 2509.0809287301226727 * r + 33430.575583588128105
        top = ((top * r + 67265.770927008700853) * r + 45921.953931549871457) * r + 13731.693765509461125
        top = ((top * r + 1971.5909503065514427) * r + 133.14166789178437745) * r + 3.387132872796366608
        low = 5226.495278852545925 * r + 28729.085735721942674
        low = ((low * r + 39307.89580009271061) * r + 21213.794301586595867) * r + 5394.1960214247511077
        low = ((low * r + 687.1870074920579083) * r + 42.313330701600911252) * r + 1.0
        return q * top / low
    r = share if q < 0 else 1.0 - share
    r = math.sqrt(-math.log(r))
    if r <= 5.0:
        r -= 1.6
        top = 7.7454501427834140764e-4 * r + 0.0227238449892691845833
        top = ((top * r + 0.24178072517745061177) * r + 1.27045825245236838258) * r + 3.64784832476320460504
        top = ((top * r + 5.7694972214606914055) * r + 4.6303378461565452959) * r + 1.42343711074968357734
        low = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4
        low = ((low * r + 0.0151986665636164571966) * r + 0.14810397642748007459) * r + 0.68976733498510000455
        low = ((low * r + 1.6763848301838038494) * r + 2.05319162663775882187) * r + 1.0
    else:
        r -= 5.0
        top = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5
        top = ((top * r + 0.0012426609473880784386) * r + 0.026532189526576123093) * r + 0.29656057182850489123
        top = ((top * r + 1.7848265399172913358) * r + 5.4637849111641143699) * r + 6.6579046435011037772
        low = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7
        low = ((low * r + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r + 0.0148753612908506148525
        low = ((low * r + 0.13692988092273580531) * r + 0.59983220655588793769) * r + 1.0
    found = top / low
    return -found if q < 0 else found


@njit(cache=True, nogil=True)
def look_up(table, first, last, share):
    """The quantile of sorted ``table[first:last]``, with straight lines between the values."""
    if last - first == 1:
        return table[first]
    place = share * (last - first - 1)
    low = np.int64(place)
    return table[first + low] + (table[first + low + 1] - table[first + low]) * (place - low)


@njit(cache=True, nogil=True)
def draw(kind, a, b, c, key):
    """Draw from any distribution but EMPIRICAL (for which see ``look_up``), by inversion.

    kind and a, b, c: CONSTANT a; UNIFORM a to b; EXPONENTIAL of mean a; TRIANGULAR a, mode b, to c; LOGNORMAL of
    log-mean a and log-deviation b; WEIBULL of scale a and shape b; ERLANG of mean a in b stages.
    """
    if kind == CONSTANT:
        return a
    share = uniform(key)
    if kind == EXPONENTIAL:
        return -a * math.log(share)
    if kind == UNIFORM:
        return a + (b - a) * share
    if kind == LOGNORMAL:
        return math.exp(a + b * normal_quantile(share))
    if kind == TRIANGULAR:
        if share * (c - a) <= b - a:
            return a + math.sqrt(share * (c - a) * (b - a))
        return c - math.sqrt((1.0 - share) * (c - a) * (c - b))
    if kind == WEIBULL:
        return a * (-math.log(share)) ** (1.0 / b)
    stages = np.int64(b)
    total = -math.log(share)
    for stage in range(1, stages):
        total -= math.log(uniform(mix(key, np.uint64(stage))))
    return total * a / stages


@njit(cache=True, nogil=True)
def sample(kinds, figures, values, row, key):
    """Draw from the distribution in a row of a table (``distributions.Table``)."""
    if kinds[row] == EMPIRICAL:
        return look_up(values, np.int64(figures[row, 0]), np.int64(figures[row, 1]), uniform(key))
    return draw(kinds[row], figures[row, 0], figures[row, 1], figures[row, 2], key)
