"""Official paper in the layout of GB/T 9704-2012: minutes, notices, letters, duty tables, briefs; as PDF and Word."""
