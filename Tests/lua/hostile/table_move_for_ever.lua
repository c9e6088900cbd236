-- expects: script_timeout
table.move({}, 1, 1 << 60, 2, setmetatable({}, {__newindex = function() end}))
