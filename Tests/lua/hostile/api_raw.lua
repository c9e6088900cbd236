-- expects: read_only
rawset(geuse, "change", function() end)
