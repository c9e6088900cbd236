-- expects: script_timeout
local t = setmetatable({}, {__len = function() while true do end end})
return #t
