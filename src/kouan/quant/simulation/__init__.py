"""Discrete-event simulation of clearance: models that a person can read, replications, scenarios, search.

Start with ``reading.load_model`` and ``replications.simulate``; ``replications.compare`` sets scenarios against each
other on common random numbers, ``search.solve`` chooses measures and staffing, ``calibration`` fits a model to a log.
``engine`` says by which rules cases are served. Compiled loops are cached beside the sources; after a change to a
function that a loop of another file calls, delete ``__pycache__`` here, for numba looks at the caller's file only.
"""
