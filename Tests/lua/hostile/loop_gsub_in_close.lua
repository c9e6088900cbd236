-- expects: script_timeout
local guard <close> = setmetatable({}, {__close = function()
  ("x"):gsub(".", function() while true do end end)
end})
error("begin")
