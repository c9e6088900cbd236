-- expects: script_timeout
coroutine.wrap(function()
  while true do pcall(coroutine.wrap(function() error("again") end)) end
end)()
