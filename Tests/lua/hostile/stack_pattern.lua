-- expects: script_failed
return (("x"):rep(300000)):find(("(x"):rep(33) .. (")"):rep(33))
