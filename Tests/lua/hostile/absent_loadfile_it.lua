-- expects: not_available
loadfile("/etc/passwd")
