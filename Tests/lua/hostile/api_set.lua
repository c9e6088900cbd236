-- expects: read_only
geuse.change = function() end
