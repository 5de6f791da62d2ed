"""What people and messages do with goods declarations."""
