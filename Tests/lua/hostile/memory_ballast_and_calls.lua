-- expects: script_timeout too_many_calls script_memory
local t = {}
pcall(function() while true do t[#t + 1] = ("x"):rep(100) .. #t end end)
while true do pcall(geuse.echo, {1, 2, {a = ("y"):rep(10000)}}) end
