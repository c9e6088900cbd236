-- expects: session_ended
-- changes: 0
local co = coroutine.create(function()
  local x <close> = setmetatable({}, {__close = function() pcall(geuse.abort) end})
  coroutine.yield()
end)
coroutine.resume(co)
coroutine.close(co)
geuse.change("after")
