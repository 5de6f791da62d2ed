"""Writes of declarations, by subject: storing, matching, answers, drafting."""
