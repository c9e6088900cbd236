-- expects: script_timeout script_failed
local t = {a = 1}
while true do
  for name in pairs(t) do t[name .. "x"] = 1 t[name] = nil end
  t = {a = 1}
end
