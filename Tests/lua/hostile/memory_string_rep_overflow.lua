-- expects: script_failed
return ("xx"):rep(math.maxinteger)
