-- expects: not_available
return os.time()
