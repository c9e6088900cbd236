-- expects: not_available
warn("@on")
