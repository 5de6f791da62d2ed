"""Pure solvers, statistics and simulation: no Django, no clock of their own, no files inside."""
