"""Decision tables that officers change: versioned, checked, replayable."""
