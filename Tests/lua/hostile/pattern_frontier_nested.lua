-- expects: script_timeout script_failed
local text = ("ab"):rep(20000)
for _ = 1, 100 do pcall(string.find, text, ("%f[%w].-"):rep(8) .. "z") end
