-- expects: script_failed
assert(load(("("):rep(1000) .. "1" .. (")"):rep(1000)))
