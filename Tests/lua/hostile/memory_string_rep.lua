-- expects: script_memory
return ("x"):rep(1 << 30)
