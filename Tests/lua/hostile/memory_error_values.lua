-- expects: script_memory script_failed
local function grow(n) local ok, e = pcall(error, {("x"):rep(n)}) return e end
local all = {}
for n = 1, math.huge do all[n] = grow(n) end
