"""Pure canonical types: what a trader declares, named by WCO and CEB terms, and the one shape of every problem."""
