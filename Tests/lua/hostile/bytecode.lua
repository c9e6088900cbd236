-- expects: ok
local f, why = load("\27Lua\x54")
assert(f == nil and why:find("binary"))
local g, w = load("\27Lua", "x", "b")
assert(g == nil and w:find("binary"))
local h, x = load("\27Lua", "x", "bt")
assert(h == nil and x:find("binary"))
local i = load(function() return nil end)
assert(i)
