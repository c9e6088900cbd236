-- expects: script_failed
local co = coroutine.wrap(function() geuse.window("w", function() coroutine.yield() end) end)
co()
