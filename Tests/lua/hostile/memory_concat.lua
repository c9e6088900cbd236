-- expects: script_memory
local t = {}
for i = 1, 5000 do t[i] = ("x"):rep(100) end
local s = table.concat(t)
local u = {}
for i = 1, 1000 do u[i] = s end
return table.concat(u)
