-- expects: script_memory script_failed
local function grow() local t = {} while true do t[#t + 1] = {} end end
local ok, e = xpcall(grow, grow)
error(e, 0)
