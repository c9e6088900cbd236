-- expects: script_timeout script_memory script_failed
return table.concat(setmetatable({}, {__index = function() return "" end, __len = function() return 1 << 40 end}))
