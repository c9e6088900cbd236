-- expects: script_failed
local function h() return h() + 1 end
local ok, e = xpcall(error, h)
error("handled: " .. tostring(ok), 0)
