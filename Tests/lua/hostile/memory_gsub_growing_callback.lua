-- expects: script_memory script_failed
local text = "x"
while true do text = text:gsub("x+", function(c) return c .. c end) end
