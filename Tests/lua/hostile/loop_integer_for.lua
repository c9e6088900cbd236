-- expects: script_timeout
for i = math.mininteger, math.maxinteger do local _ = i end
