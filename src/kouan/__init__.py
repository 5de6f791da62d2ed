"""Kouan 口岸: a city's ports of entry as one system."""
