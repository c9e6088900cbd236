-- expects: script_output
-- on: stack
local q = ("\u{1f980}"):rep(4000)
while true do pcall(geuse.confirm, q) end
