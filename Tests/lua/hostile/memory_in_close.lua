-- expects: script_memory
local guard <close> = setmetatable({}, {__close = function() local t = {} while true do t[#t + 1] = {} end end})
