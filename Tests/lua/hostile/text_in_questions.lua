-- expects: script_output
-- on: stack
-- Questions are in the plan, in the journal and on the terminal: none of them is a store.
local q = ("\u{e9}"):rep(4000)
for i = 1, 990 do geuse.confirm(q) end
