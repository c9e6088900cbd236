-- expects: script_timeout
coroutine.wrap(function()
  pcall(geuse.window, "w", function() while true do pcall(error) end end)
end)()
