"""Who gets what without duplication: assignment to agents, packing without conflicts, awards of money.

``assignment`` gives each job one agent, ``packing`` chooses a best set without conflicts, ``awards`` shares pots of
money among claims under ceilings, exclusions and fairness, and says of each refusal why. ``checker`` recomputes.
"""
