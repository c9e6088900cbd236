-- expects: script_failed
local e = setmetatable({}, {})
getmetatable(e).__tostring = function() return tostring(e) end
error(e)
