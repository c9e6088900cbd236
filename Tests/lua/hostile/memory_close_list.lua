-- expects: script_memory script_failed
local function deeper(n)
  local x <close> = setmetatable({("x"):rep(10000 + n)}, {__close = function() end})
  return (deeper(n + 1))
end
deeper(1)
