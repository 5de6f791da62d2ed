"""Keeps bytes that may name persons: compressed, and encrypted under the key of their month."""
