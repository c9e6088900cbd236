-- expects: script_memory
local t = {}
while true do t = setmetatable({}, {__index = t}) end
