-- expects: not_available
dofile("/etc/passwd")
