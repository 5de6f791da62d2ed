"""Writes of the safe: ``keys`` how long it is read, ``unmasking`` who saw whose data."""
