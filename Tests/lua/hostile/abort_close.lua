-- expects: session_ended
-- changes: 0
local guard <close> = setmetatable({}, {__close = function() geuse.change("after") end})
geuse.abort()
