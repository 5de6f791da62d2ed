"""Joint boarding: teams of several agencies that have to be aboard at the same moment, or one after another."""
