"""Writes of supervision, by subject: documents, the ledger, reports, warnings, inspections, the conference."""
