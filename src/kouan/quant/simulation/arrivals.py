"""Who arrives when: cases of one replication, from intervals, rates with profiles, or timetables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from numba import njit

from kouan.quant.opening_hours import MICROSECONDS
from kouan.quant.simulation.distributions import Distribution, Table
from kouan.quant.simulation.draws import mix, sample, uniform
from kouan.quant.simulation.model import ImpossibleModel, Model, Source

MOST_CASES = 50_000_000
_INTERVAL, _BATCH, _LATE, _CLASS, _CHANNEL, _AHEAD = range(6)
DAY = 86_400 * MICROSECONDS


@dataclass(frozen=True, slots=True)
class Cases:
    """The cases of one replication by the moment they begin: declaration, or arrival where nothing is done before.

    begins, arrives: int64 microseconds; kind, channel, source: int64 places; key: uint64; all ``(cases,)``.
    """

    begins: np.ndarray
    arrives: np.ndarray
    kind: np.ndarray
    channel: np.ndarray
    source: np.ndarray
    key: np.ndarray

    def __len__(self) -> int:
        return len(self.begins)


def model_span(model: Model) -> tuple[int, int, int, int]:
    """Moments in microseconds: the start, the first measured, the first no longer measured, the last arrival."""
    start = datetime(model.starts.year, model.starts.month, model.starts.day, tzinfo=ZoneInfo(model.zone))
    begin = round(start.timestamp()) * MICROSECONDS
    first = begin + round(model.warm_up * DAY)
    last = first + round(model.days * DAY)
    return begin, first, last, last + round(model.cool_down * DAY)


def channel_names(model: Model) -> tuple[str, ...]:
    """All channels of a model; place 0 is for cases without one."""
    return ("", *dict.fromkeys(name for one in model.classes for name in one.channels))


def make_cases(model: Model, seed: int, replication: int) -> Cases:
    """Make the cases of one replication.

    A case's key depends on seed, replication, source and its number there, on nothing else.
    Raises ImpossibleModel for more than MOST_CASES.
    """
    begin, _, _, end = model_span(model)
    channels = channel_names(model)
    places = {one.name: place for place, one in enumerate(model.classes)}
    chances = np.zeros((len(model.classes), len(channels)))
    for place, one in enumerate(model.classes):
        if one.channels:
            chances[place, 1:] = np.cumsum([one.channels.get(name, 0.0) for name in channels[1:]]) / sum(
                one.channels.values()
            )
        else:
            chances[place, :] = 1.0
    prepared = any(step.stage == "before" for step in model.steps)
    root = np.uint64(mix(np.uint64(mix(np.uint64(seed % 2**63), np.uint64(7))), np.uint64(replication)))
    parts = []
    for number, source in enumerate(model.sources):
        key = np.uint64(mix(root, np.uint64(_name_key(source.name))))
        table = Table()
        arrivals = _moments(source, key, begin, end, model.zone, table)
        batch = table.add(source.batch)
        ahead = table.add(source.ahead or Distribution("constant", 0.0), MICROSECONDS)
        kinds, figures, values = table.arrays()
        weights = np.zeros(len(model.classes))
        for name, weight in source.classes.items():
            weights[places[name]] = weight
        sizes = _sizes(key, len(arrivals), kinds, figures, values, batch)
        if int(sizes.sum()) > MOST_CASES:
            raise ImpossibleModel(f"案件多于 {MOST_CASES:,} 个", f"there are more than {MOST_CASES:,} cases")
        made = _cases(key, arrivals, sizes, kinds, figures, values, ahead, np.cumsum(weights) / weights.sum(), chances)
        parts.append((*made, np.full(len(made[0]), number, dtype=np.int64)))
    arrives, lead, kind, channel, key, source_of = (np.concatenate(column) for column in zip(*parts, strict=True))
    begins = np.maximum(arrives - lead, begin) if prepared else arrives
    order = np.argsort(begins, kind="stable")
    return Cases(begins[order], arrives[order], kind[order], channel[order], source_of[order], key[order])


def _name_key(name: str) -> int:
    digest = 0xCBF29CE484222325
    for byte in name.encode():
        digest = ((digest ^ byte) * 0x100000001B3) % 2**63
    return digest


def _moments(source: Source, key: np.uint64, begin: int, end: int, zone: str, table: Table) -> np.ndarray:
    if source.every is not None:
        row = table.add(source.every, MICROSECONDS)
        kinds, figures, values = table.arrays()
        moments = _renew(key, begin, end, kinds, figures, values, row, MOST_CASES)
        if len(moments) >= MOST_CASES:
            raise ImpossibleModel(f"来源“{source.name}”的到达过密", f"source '{source.name}' arrives too often")
        return moments
    if source.per_day > 0:
        return _by_rate(source, key, begin, end, zone)
    moments = []
    week = 7 * DAY
    local = datetime.fromtimestamp(begin / MICROSECONDS, ZoneInfo(zone))
    monday = begin - local.weekday() * DAY - (local.hour * 3600 + local.minute * 60 + local.second) * MICROSECONDS
    while monday < end:
        moments += [monday + round(second * MICROSECONDS) for second in source.timetable]
        monday += week
    planned = np.array(sorted(moments), dtype=np.int64)
    # Calls are numbered from the first Monday on, so that a longer run keeps the numbers of a shorter one.
    late = np.zeros(len(planned), dtype=np.int64)
    if source.late is not None:
        row = table.add(source.late, MICROSECONDS)
        kinds, figures, values = table.arrays()
        late = _draw_many(key, _LATE, len(planned), kinds, figures, values, row)
    return planned + late


def _by_rate(source: Source, key: np.uint64, begin: int, end: int, zone: str) -> np.ndarray:
    """A Poisson process with a rate by hour and weekday, by inverting its cumulative rate."""
    hours = np.arange(begin, end + 3600 * MICROSECONDS, 3600 * MICROSECONDS, dtype=np.int64)
    by_hour = np.array(source.by_hour or (1.0,) * 24)
    by_day = np.array(source.by_weekday or (1.0,) * 7)
    start_day = datetime.fromtimestamp(begin / MICROSECONDS, ZoneInfo(zone)).weekday()
    number = np.arange(len(hours) - 1)
    rate = (
        source.per_day
        / 24
        * by_hour[number % 24]
        / by_hour.mean()
        * by_day[(start_day + number // 24) % 7]
        / by_day.mean()
    )
    passed = np.concatenate(([0.0], np.cumsum(rate)))
    count = int(passed[-1] + 10 * np.sqrt(passed[-1] + 1) + 20)
    if count > MOST_CASES:
        raise ImpossibleModel(f"来源“{source.name}”的到达过密", f"source '{source.name}' arrives too often")
    steps = np.cumsum(_draw_exponentials(key, count))
    inside = steps[steps < passed[-1]]
    # Hours without arrivals are steps of the inverse: equal values of ``passed`` are meant to stand side by side.
    moments = np.interp(inside, passed, hours.astype(np.float64) - begin)
    found = begin + np.round(moments).astype(np.int64)
    return found[found < end]


@njit(cache=True, nogil=True)
def _renew(key, begin, end, kinds, figures, values, row, most):
    moments = np.empty(1024, np.int64)
    count = 0
    moment = np.float64(0)
    number = np.uint64(0)
    length = np.float64(end - begin)
    while count < most:
        step = sample(kinds, figures, values, row, mix(mix(key, np.uint64(number)), np.uint64(_INTERVAL)))
        moment += step
        number += np.uint64(1)
        if moment >= length or (step == 0.0 and number > np.uint64(most)):
            break
        if count == moments.size:
            moments = np.concatenate((moments, np.empty(count, np.int64)))
        moments[count] = begin + np.int64(moment + 0.5)
        count += 1
    return moments[:count]


@njit(cache=True, nogil=True)
def _draw_exponentials(key, count):
    found = np.empty(count, np.float64)
    for number in range(count):
        found[number] = -np.log(uniform(mix(mix(key, np.uint64(number)), np.uint64(_INTERVAL))))
    return found


@njit(cache=True, nogil=True)
def _draw_many(key, purpose, count, kinds, figures, values, row):
    found = np.empty(count, np.int64)
    for number in range(count):
        drawn = sample(kinds, figures, values, row, mix(mix(key, np.uint64(number)), np.uint64(purpose)))
        found[number] = np.int64(drawn + 0.5)
    return found


@njit(cache=True, nogil=True)
def _sizes(key, count, kinds, figures, values, row):
    return _draw_many(key, np.int64(_BATCH), count, kinds, figures, values, row)


@njit(cache=True, nogil=True)
def _cases(key, arrivals, sizes, kinds, figures, values, row, weights, chances):
    total = sizes.sum()
    arrives = np.empty(total, np.int64)
    lead = np.empty(total, np.int64)
    classes = np.empty(total, np.int64)
    channels = np.empty(total, np.int64)
    keys = np.empty(total, np.uint64)
    place = 0
    for number in range(arrivals.size):
        call = mix(key, np.uint64(number))
        for unit in range(sizes[number]):
            own = mix(call, np.uint64(unit + 16))
            share = uniform(mix(own, np.uint64(_CLASS)))
            chosen = 0
            while chosen < weights.size - 1 and weights[chosen] <= share:
                chosen += 1
            share = uniform(mix(own, np.uint64(_CHANNEL)))
            channel = 0
            while channel < chances.shape[1] - 1 and chances[chosen, channel] <= share:
                channel += 1
            arrives[place] = arrivals[number]
            drawn = sample(kinds, figures, values, row, mix(own, np.uint64(_AHEAD)))
            lead[place] = np.int64(drawn + 0.5)
            classes[place] = chosen
            channels[place] = channel
            keys[place] = own
            place += 1
    return arrives, lead, classes, channels, keys
