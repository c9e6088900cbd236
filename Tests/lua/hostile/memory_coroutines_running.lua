-- expects: script_memory
local t = {}
while true do
  local co = coroutine.create(function(...) local a = {...} coroutine.yield(a) end)
  coroutine.resume(co, ("x"):rep(1000))
  t[#t + 1] = co
end
