-- expects: script_memory script_failed script_timeout
-- ownTime: 3
local kept = {}
for round = 1, math.huge do
  kept[#kept + 1] = ("x"):rep(1000 + round)
  local large = ("y"):rep(1 << 20) .. round
end
