"""A signal ends CP-SAT and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import threading
from itertools import pairwise

import pytest

from kouan.quant.exact import run_cp_sat
from kouan.quant.solving import Stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_search(number):
    """The handler of the program hears the signal, the search ends with an honest answer, and so do its threads."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    marks = [model.new_int_var(0, 400, "") for _ in range(20)]  # a Golomb ruler: out of reach
    gaps = [marks[j] - marks[i] for i in range(20) for j in range(i + 1, 20)]
    model.add_all_different(gaps)
    for one, two in pairwise(marks):
        model.add(one < two)
    model.minimize(marks[-1] - marks[0])
    told = threading.Event()
    before = signal.signal(number, lambda *_: told.set())
    threads = threading.active_count()
    timer = threading.Timer(0.5, os.kill, (os.getpid(), number))
    timer.start()
    try:
        answer = run_cp_sat(model, Stop(None, cancelled=told.is_set), 0, 2, lambda bound: None)
    finally:
        timer.join()
        signal.signal(number, before)
    assert told.is_set() and answer.outcome in ("feasible", "unknown")
    assert threading.active_count() == threads
