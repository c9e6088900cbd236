-- expects: script_memory script_failed script_timeout
local kept = {}
table.sort({3, 2, 1}, function(a, b)
  while true do
    local co = coroutine.create(function() coroutine.yield(("x"):rep(1 << 16)) end)
    coroutine.resume(co)
    kept[#kept + 1] = co
  end
end)
