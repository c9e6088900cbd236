-- expects: script_memory
geuse.window("w", function() local t = {} while true do t[#t + 1] = {} end end)
