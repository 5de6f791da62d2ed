"""Reads of supervision, by subject. Every list starts from ``visible_to(user)``."""
