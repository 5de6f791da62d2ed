"""The broker's desk: what waits, over many clients; libraries of clients and goods; sending many at once."""
