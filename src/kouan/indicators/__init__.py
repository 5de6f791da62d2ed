"""The register of indicators and their readings; every app above registers what it can compute."""
