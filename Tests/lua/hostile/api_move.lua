-- expects: read_only
table.move({1}, 1, 1, 1, geuse)
