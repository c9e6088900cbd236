-- expects: script_timeout script_crashed script_memory script_failed
-- changes: 1
geuse.change("begun")
local x <close> = setmetatable({}, {__close = function() while true do pcall(string.rep, "x", 1 << 40) end end})
error("now")
