-- expects: script_failed
local function handler(e) return xpcall(error, handler, e) end
xpcall(error, handler, "x")
error("end")
