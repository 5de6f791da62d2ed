"""Maker and checker: what one person made, another looks at before it leaves the firm."""
