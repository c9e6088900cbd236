-- expects: session_ended
-- changes: 0
pcall(geuse.abort)
geuse.change("after")
