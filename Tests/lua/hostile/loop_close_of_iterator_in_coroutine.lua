-- expects: script_timeout
local forever = setmetatable({}, {__close = function() while true do end end})
local co = coroutine.wrap(function() for _ in next, {1}, nil, forever do error("out") end end)
pcall(co)
