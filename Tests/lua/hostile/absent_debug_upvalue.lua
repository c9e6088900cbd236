-- expects: not_available
debug.setupvalue(geuse.change, 1, "geuse.abort")
