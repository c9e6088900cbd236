-- expects: script_timeout too_many_calls
-- on: stack
-- ownTime: 1
local question = ("\u{202e}"):rep(4000)
while true do pcall(geuse.confirm, question) end
