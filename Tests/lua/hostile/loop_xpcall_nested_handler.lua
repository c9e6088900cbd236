-- expects: script_timeout
local function h() xpcall(error, h) while true do end end
while true do xpcall(error, h) end
