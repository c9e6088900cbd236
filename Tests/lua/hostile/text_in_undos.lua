-- expects: script_output
-- on: stack
local word = ("\u{202e}"):rep(5000)
for i = 1, 900 do geuse.exec("n8n", {"true"}, {undo = {"true", word}}) end
