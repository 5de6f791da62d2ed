"""Writes of decision tables."""
