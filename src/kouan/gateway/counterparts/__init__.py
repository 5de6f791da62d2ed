"""Counterparts: they play the other side of a standard, for tests, demonstration and conformance. Never production."""
