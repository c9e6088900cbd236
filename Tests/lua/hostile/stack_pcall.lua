-- expects: script_failed
local function f() assert(pcall(f)) error("deep") end
f()
