-- expects: refused_here
-- changes: 0
local guard <close> = setmetatable({}, {__close = function() pcall(geuse.refuse) end})
geuse.refuse()
