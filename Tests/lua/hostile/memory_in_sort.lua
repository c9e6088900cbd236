-- expects: script_memory
local t = {}
table.sort({2, 1}, function() while true do t[#t + 1] = {} end end)
