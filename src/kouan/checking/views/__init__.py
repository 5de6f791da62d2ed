"""Doors of checking."""
