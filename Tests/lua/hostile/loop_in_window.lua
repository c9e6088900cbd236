-- expects: script_timeout
-- changes: 0
geuse.window("w", function() while true do end end)
