-- expects: script_failed script_memory
local function f() geuse.window("w", f) end
f()
