-- expects: script_crashed script_failed script_timeout script_memory
-- ownTime: 2
local function nest(n)
  local co = coroutine.create(function()
    local inner <close> = setmetatable({}, {__close = function() if n > 0 then nest(n - 1) end end})
    coroutine.yield()
  end)
  coroutine.resume(co)
  coroutine.close(co)
end
nest(10000)
error("survived")
