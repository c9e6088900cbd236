-- expects: script_timeout
while true do math.random(0) end
