-- expects: session_ended
-- changes: 0
coroutine.resume(coroutine.create(function() pcall(geuse.abort) end))
geuse.change("after")
