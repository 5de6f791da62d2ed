"""Pages of clearance, by desk."""
