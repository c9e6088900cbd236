-- expects: script_failed
return string.rep("", 1 << 28, ("x"):rep(100))
