-- expects: script_memory script_failed
table.sort(setmetatable({}, {__len = function() return 1 << 30 end, __index = function(_, i) return i end}))
