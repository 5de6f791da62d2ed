"""The pages of goods declarations."""
