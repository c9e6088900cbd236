-- expects: script_timeout
local x = setmetatable({}, {__concat = function() while true do end end})
coroutine.wrap(function() xpcall(error, function() return x .. "" end) end)()
