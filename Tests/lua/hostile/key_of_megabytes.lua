-- expects: invalid_value
-- The core would have to quote it, and to look for a near name, each time.
local t = { [("é"):rep(4 * 1024 * 1024 - 500)] = 1 }
for i = 1, 10000 do pcall(geuse.echo, t) end
geuse.echo(t)
