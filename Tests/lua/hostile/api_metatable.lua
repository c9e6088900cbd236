-- expects: script_failed
setmetatable(geuse, {__index = function() end})
