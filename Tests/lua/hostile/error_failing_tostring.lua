-- expects: script_failed
error(setmetatable({}, {__tostring = function() error("again") end}))
