-- expects: script_timeout
local t = setmetatable({}, {__concat = function(a) while true do pcall(function() return a .. "x" end) end end})
while true do pcall(function() return t .. t end) end
