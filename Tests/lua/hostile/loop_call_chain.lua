-- expects: script_timeout script_failed
local f = setmetatable({}, {})
getmetatable(f).__call = function(self) return pcall(self) end
while true do f() end
