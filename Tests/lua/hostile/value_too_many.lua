-- expects: invalid_value
local t = {}
for i = 1, 300000 do t[i] = i end
geuse.echo(t)
