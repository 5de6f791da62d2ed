"""What a trader declares, once: its documents, their versions, and the match of the four."""
