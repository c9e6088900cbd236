-- expects: script_failed
local t = {}
setmetatable(t, {__index = t})
return t.x
