-- expects: script_timeout script_failed
local t = setmetatable({}, {__index = function() while true do end end})
xpcall(function() return t.x + nil end, function() return t.y end)
while true do local _ = t.z end
