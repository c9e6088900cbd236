-- expects: read_only
rawset(_G, "geuse", {})
