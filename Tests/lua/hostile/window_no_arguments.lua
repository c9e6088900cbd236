-- expects: wrong_type
geuse.window()
