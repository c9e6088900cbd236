-- expects: script_memory script_failed
local t = setmetatable({}, {__tostring = function() local s = "x" while true do s = s .. s end end})
pcall(tostring, t)
error(tostring(t))
