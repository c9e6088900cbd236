-- expects: session_ended
-- changes: 0
local t = setmetatable({}, {__index = function() geuse.abort() end})
pcall(function() return t.x end)
geuse.change("after")
