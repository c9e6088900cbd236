-- expects: script_failed
error(("x"):rep(20000000))
