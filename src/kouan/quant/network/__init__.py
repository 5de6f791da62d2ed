"""Where to put what on the map of ports: sites, capacities, lines, and when to build them.

``location`` places capacitated sites and medians, ``design`` opens lines for many flows at once, ``expansion`` spreads
building over periods under a budget and scenarios of demand. ``checker`` recomputes every plan on its own.
"""
