-- expects: read_only
table.insert(geuse, function() end)
