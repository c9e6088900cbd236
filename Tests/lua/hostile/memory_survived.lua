-- expects: ok
-- changes: 1
local ok, e = pcall(function() local t = {} while true do t[#t + 1] = {} end end)
assert(not ok and e == "not enough memory")
geuse.change("still here")
