"""Code tables: every row with its days of validity, chosen by the date of the declaration."""
