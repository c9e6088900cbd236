-- expects: ok
local function f() return 1 + f() end
for i = 1, 10 do assert(not pcall(f)) end
