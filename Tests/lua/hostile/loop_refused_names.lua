-- expects: script_timeout too_many_calls
-- on: stack
-- ownTime: 1
local name = ("\u{ad}"):rep(8100)
while true do pcall(geuse.set_image, name, "x") end
