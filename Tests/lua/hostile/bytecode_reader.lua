-- expects: ok
local once = true
local f, why = load(function() if once then once = false return "\27Lua" end end)
assert(f == nil and why:find("binary"))
