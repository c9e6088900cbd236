-- expects: script_timeout
-- memory: 64
local t = {}
for i = 1, 500000 do t[i] = -i end
while true do table.sort(t, function(a, b) return a < b end) end
