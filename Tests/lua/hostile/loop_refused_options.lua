-- expects: script_timeout too_many_calls
-- on: stack
-- ownTime: 1
local names = {}
for i = 1, 30000 do names[("\u{202e}"):rep(80) .. i] = i end
while true do pcall(geuse.options, names) end
