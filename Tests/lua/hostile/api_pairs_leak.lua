-- expects: ok
local names = {}
local a, b, c = pairs(geuse)
assert(b == nil and c == nil)
for name in pairs(geuse) do names[#names + 1] = name end
assert(#names > 3 and next(geuse) == nil)
