"""Continuous quays: ships of any length side by side along one line, for a time."""
