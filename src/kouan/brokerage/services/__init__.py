"""What people do on the broker's desk."""
