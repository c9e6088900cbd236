-- expects: mine
error(setmetatable({code = "mine", message = "x"}, {id = 7, __name = "error"}))
