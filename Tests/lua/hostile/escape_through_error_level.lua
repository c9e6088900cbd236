-- expects: script_failed
error(setmetatable({}, {__tostring = function() error("inner", 2) end, __metatable = "locked"}), 3)
