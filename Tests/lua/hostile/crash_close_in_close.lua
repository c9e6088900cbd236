-- expects: script_crashed script_failed script_timeout script_memory
-- ownTime: 2
local co
local function chain(n)
  if n == 0 then return end
  local me = coroutine.create(function()
    local x <close> = setmetatable({}, {__close = function() chain(n - 1) end})
    error("go")
  end)
  coroutine.resume(me)
end
chain(10000)
error("survived")
