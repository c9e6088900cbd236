-- expects: not_available
io.open("/etc/passwd")
