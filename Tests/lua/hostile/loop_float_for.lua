-- expects: script_timeout
for x = 1, math.huge, 0.5 do pcall(error, x) end
