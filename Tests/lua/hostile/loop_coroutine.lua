-- expects: script_timeout
coroutine.wrap(function() while true do end end)()
