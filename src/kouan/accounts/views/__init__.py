"""Doors of accounts: each translates a request, calls one selector or service, and translates back."""
