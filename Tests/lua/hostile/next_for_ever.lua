-- expects: script_timeout
local t = {}
for i = 1, 3000 do t["k" .. i] = i end
while true do for k in next, t do next({a = 1}) end end
