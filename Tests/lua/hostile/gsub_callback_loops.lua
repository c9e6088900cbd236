-- expects: script_timeout
("abc"):gsub(".", function() while true do end end)
