-- expects: script_crashed script_failed script_timeout script_memory
-- ownTime: 1
local function nest()
  local guard <close> = setmetatable({}, {__close = function() coroutine.wrap(nest)() end})
  error("x")
end
nest()
