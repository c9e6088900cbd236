-- expects: ok
local _ENV <const> = {}
assert = nil
