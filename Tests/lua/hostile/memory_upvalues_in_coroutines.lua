-- expects: script_memory script_failed
local kept = {}
while true do
  local text = ("x"):rep(1000 + #kept)
  local co = coroutine.wrap(function() coroutine.yield() return text end)
  co()
  kept[#kept + 1] = co
end
