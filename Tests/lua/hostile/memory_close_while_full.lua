-- expects: script_memory script_failed
local guard <close> = setmetatable({}, {__close = function()
  local again = {}
  while true do again[#again + 1] = ("z"):rep(100) .. #again end
end})
local t = {}
while true do t[#t + 1] = {} end
