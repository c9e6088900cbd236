-- expects: script_memory
local t = {}
for i = 1, 400000 do t[i] = i end
local keep = {}
for i = 1, 1000 do keep[i] = pairs(t) end
