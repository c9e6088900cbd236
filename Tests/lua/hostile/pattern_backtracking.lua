-- expects: script_timeout
return (("a"):rep(200)):find((".-"):rep(40) .. "b")
