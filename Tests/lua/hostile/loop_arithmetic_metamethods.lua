-- expects: script_timeout
local mt = {}
mt.__idiv = function(a) return a // 1 end
mt.__shl = function() while true do end end
local x = setmetatable({}, mt)
pcall(function() return (x << 1) + (x // 1) end)
