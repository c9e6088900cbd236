-- expects: session_ended
-- changes: 0
pcall(geuse.window, "w", function() geuse.abort() end)
geuse.change("after")
