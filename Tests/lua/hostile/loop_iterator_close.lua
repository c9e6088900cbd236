-- expects: script_timeout
for _ in function() return nil end, nil, nil, setmetatable({}, {__close = function() while true do end end}) do end
