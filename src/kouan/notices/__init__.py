"""Telling people: notices in the system, by mail and to machines, of what happened to the cases that concern them."""
