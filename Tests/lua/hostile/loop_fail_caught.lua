-- expects: script_timeout too_many_calls
-- on: stack
-- ownTime: 1
local message = ("\u{202e}"):rep(5400)
while true do pcall(geuse.fail, "mine", message, { detail = message, hint = message }) end
