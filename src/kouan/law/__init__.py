"""Dated figures and the matrix clause → code → screen; no tables of its own."""
