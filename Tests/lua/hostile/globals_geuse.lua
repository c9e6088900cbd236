-- expects: read_only
geuse = {}
