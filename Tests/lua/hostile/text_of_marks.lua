-- expects: text_too_long
-- on: stack
-- One character to a person, and as many code points as one likes.
geuse.window("a" .. ("\u{301}"):rep(100000), function() end)
