"""Writes of clearance, by subject: routing, reviewing, inspecting, the gate, coordinating."""
