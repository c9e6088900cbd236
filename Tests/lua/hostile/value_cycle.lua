-- expects: invalid_value
local t = {} t.t = t
geuse.echo(t)
