-- expects: script_timeout
local s = ("a"):rep(2000000)
while true do s:find(("a"):rep(1000) .. "b", 1, true) end
