-- expects: ok
local env = {}
load("x = 1", "c", "t", env)()
assert(env.x == 1 and rawget(_G, "x") == nil)
