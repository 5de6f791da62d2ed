"""Pure ground of everything: identifiers, money, dates. Imports nothing of Kouan and never Django."""
