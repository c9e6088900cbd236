-- expects: script_failed
local function f() geuse.window("w", f) end
f()
