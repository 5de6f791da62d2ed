"""Pages of the gateway: messages and receipts, and what those see who keep it running."""
