"""Pages of decision tables: to read, to write, to replay."""
