-- expects: not_available
os.execute("true")
