-- expects: ok
-- memory: 32
-- ownTime: 30
local function f() return 1 + f() end
for i = 1, 2 do assert(not pcall(f)) end
