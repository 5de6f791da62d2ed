"""Writes of the gateway, by subject: receiving, working, delivering, connections."""
