-- expects: script_failed
error(setmetatable({}, {__tostring = function() return {} end}))
