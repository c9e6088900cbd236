-- expects: script_timeout
("abc"):gsub(".", function() while true do pcall(string.rep, "", 1 << 62) end end)
