-- expects: script_crashed
-- ownTime: 2
local co
for i = 1, 30000 do
  local previous = co
  co = coroutine.create(function()
    local guard <close> = setmetatable({}, {__close = function()
      if previous then coroutine.close(previous) end
    end})
    coroutine.yield()
  end)
  coroutine.resume(co)
end
coroutine.close(co)
