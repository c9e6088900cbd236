-- expects: ok
local called = 0
local function count() called = called + 1 return 1 end
local t = setmetatable({a = 1}, {__index = count, __len = count, __pairs = count, __newindex = count,
  __tostring = count, __eq = count, __call = count})
local got = geuse.echo(t)
assert(called == 0 and got.a == 1 and rawequal(getmetatable(got), nil))
