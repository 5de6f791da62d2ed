"""Who did what: an append-only record, sealed every few seconds; knows people and organisations as ids only."""
