-- expects: script_crashed script_failed script_memory script_timeout
-- ownTime: 2
local mt = {}
local t = setmetatable({}, mt)
mt.__mode = "k"
for i = 1, math.huge do t[{}] = {i, ("x"):rep(100)} t[i] = {} end
