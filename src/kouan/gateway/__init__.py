"""Messages in and out: standards, transports, counterparts."""
