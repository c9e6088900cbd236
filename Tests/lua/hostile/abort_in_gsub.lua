-- expects: session_ended
-- changes: 0
pcall(string.gsub, "xx", ".", function() pcall(geuse.abort) geuse.change("after") end)
geuse.change("later")
