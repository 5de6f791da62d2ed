"""Moves: a change of state, written together with its event and its audit entry."""
