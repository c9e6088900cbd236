-- expects: script_timeout
local x <close> = setmetatable({}, {__close = function()
  coroutine.wrap(function() pcall(string.match, ("a"):rep(300), (".-"):rep(30) .. "b") end)()
end})
