"""Where goods and means of transport meet the city: ports and customs supervision places."""
