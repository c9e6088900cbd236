-- expects: text_too_long
-- on: stack
-- What steers a terminal is shown as several characters, which count.
local q = ("\u{202e}"):rep(4000)
for i = 1, 990 do geuse.confirm(q) end
