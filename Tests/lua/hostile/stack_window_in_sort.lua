-- expects: script_failed
local function deep(n)
  table.sort({2, 1}, function(a, b) geuse.window("w", function() deep(n + 1) end) return a < b end)
end
deep(1)
