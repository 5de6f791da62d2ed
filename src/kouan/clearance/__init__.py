"""A review per agency over one case; inspection, the gate, coordination; the state of the case."""
