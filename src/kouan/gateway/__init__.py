"""Messages in and out: kept first, acknowledged then, delivered in order, answered in their own channel."""
