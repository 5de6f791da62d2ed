"""Message standards, each retold as types, a codec and a mapping. Pure: no framework, no database, no clock."""
