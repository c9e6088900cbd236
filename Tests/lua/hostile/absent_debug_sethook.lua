-- expects: not_available
debug.sethook()
