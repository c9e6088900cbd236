-- expects: script_memory
local ok, e = coroutine.resume(coroutine.create(function() local t = {} while true do t[#t + 1] = {} end end))
error(e, 0)
