-- expects: ok
local ok, e = pcall(geuse.fail, "mine", "x")
assert(not ok and getmetatable(e) == false and not pcall(setmetatable, e, {}))
