-- expects: script_memory
-- memory: 16
local parts = {}
for i = 1, 5000 do parts[i] = "x" .. i .. " = {" .. i .. "} " end
local text = table.concat(parts)
local kept = {}
while true do kept[#kept + 1] = assert(load(text)) end
