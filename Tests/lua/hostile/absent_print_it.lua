-- expects: not_available
print("x")
