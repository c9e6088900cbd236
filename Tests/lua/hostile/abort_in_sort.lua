-- expects: session_ended
-- changes: 0
table.sort({2, 1}, function() pcall(geuse.abort) geuse.change("after") return false end)
