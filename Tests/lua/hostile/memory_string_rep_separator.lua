-- expects: script_memory
return string.rep("", 1 << 28, ("x"):rep(100))
