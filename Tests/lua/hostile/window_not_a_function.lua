-- expects: wrong_type
geuse.window("w", setmetatable({}, {__call = function() end}))
