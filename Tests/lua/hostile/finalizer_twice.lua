-- expects: unsupported
local m = {}
local t = setmetatable({}, m)
m.__gc = function() end
setmetatable(t, m)
