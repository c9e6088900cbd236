-- expects: invalid_value
local t = {}
for i = 1, 40 do t = {t} end
geuse.echo(t)
