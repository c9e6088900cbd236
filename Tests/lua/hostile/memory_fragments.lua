-- expects: script_memory script_failed script_timeout
-- ownTime: 3
local kept = {}
for round = 1, math.huge do
  for i = 1, 20000 do kept[#kept + 1] = ("x"):rep(24 + round % 900) .. i end
  for i = 1, #kept, 2 do kept[i] = false end
end
