-- expects: script_output
-- on: stack
local word = ("x"):rep(15000)
for i = 1, 900 do geuse.exec_on_host({"true", word}) end
