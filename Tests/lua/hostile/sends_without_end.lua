-- expects: too_many_calls
-- changes: 1
-- What the core has to read is bounded, as is how often it is called.
geuse.change('a')
local big = ("x"):rep(4 << 20)
while true do pcall(geuse.change, big) end
