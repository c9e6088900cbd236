-- expects: script_timeout
local t = setmetatable({}, {__pairs = function() return function() while true do end end end})
for _ in pairs(t) do end
