"""DecMessage: goods declarations of the national single window, and everything that comes back to them."""
