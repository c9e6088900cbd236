-- expects: script_timeout
return (("a"):rep(200)):gsub(("a*"):rep(30) .. "b", "")
