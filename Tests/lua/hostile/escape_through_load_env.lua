-- expects: not_available
load("return os", "chunk", "t", nil)
load("return io.open")()
