-- expects: ok
-- changes: 2
table.sort({3, 1, 2}, function(a, b) return geuse.echo(a) < geuse.echo(b) end)
local s = ("abc"):gsub(".", function(c) return geuse.echo(c:upper()) end)
assert(s == "ABC")
local t = setmetatable({}, {__index = function(_, k) return geuse.echo(k) end})
assert(t.name == "name")
do local guard <close> = setmetatable({}, {__close = function() geuse.change("closed") end}) end
coroutine.wrap(function() geuse.change("in a coroutine") end)()
