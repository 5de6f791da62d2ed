"""PostgreSQL: the programs of a wheel or of the system, and clusters of our own."""
