-- expects: script_timeout
while true do
  local co = coroutine.create(function()
    local guard <close> = setmetatable({}, {__close = function() error("again") end})
    coroutine.yield()
  end)
  coroutine.resume(co)
  coroutine.close(co)
end
