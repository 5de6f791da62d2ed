"""Organisations, their units and people; roles, delegation, and who may see what."""
