-- expects: script_failed
local function f() return coroutine.wrap(f)() end
f()
