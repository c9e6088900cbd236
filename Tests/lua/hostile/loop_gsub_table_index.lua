-- expects: script_timeout
local t = setmetatable({}, {__index = function() while true do pcall(string.rep) end end})
pcall(string.gsub, "abc", "%w", t)
