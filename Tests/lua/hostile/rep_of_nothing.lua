-- expects: script_timeout
return string.rep("", 1 << 62)
