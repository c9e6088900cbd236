-- expects: script_timeout
local go = coroutine.wrap(function() while true do coroutine.yield() end end)
while true do go() end
