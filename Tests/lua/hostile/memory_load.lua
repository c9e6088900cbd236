-- expects: script_memory
local parts = {}
for i = 1, 200000 do parts[i] = "x" .. i .. " = {" .. i .. "} " end
local text = table.concat(parts)
local kept = {}
while true do kept[#kept + 1] = load(text) end
