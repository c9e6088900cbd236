-- expects: script_memory
local t = {}
while true do local x = {} t[#t + 1] = function() return x, t end end
