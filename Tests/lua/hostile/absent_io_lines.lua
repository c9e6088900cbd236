-- expects: not_available
for l in io.lines("/etc/passwd") do end
