"""Journeys of goods over timetables of rail, barge, sea, air and trucks.

``timetable`` joins stops, trips and truck legs into flat arrays; ``scanning`` finds earliest arrivals, profiles and
Pareto sets over time and transfers; ``choosing`` finds them over time, transfers, cost, CO2 and reliability;
``checker`` replays a journey; ``readers`` read GTFS feeds and Kouan's own YAML.

The rules, the same everywhere. Goods that arrive at a stop can board after its handling time and, where goods are
cleared there, after a clearance whose time is a distribution; they must be handed over before the cut-off of the trip
and while the stop is open. A truck leg starts in opening hours and never follows another truck leg. At the origin
there is no handling. A journey's time ends with delivery, in opening hours, at its destination.
"""
