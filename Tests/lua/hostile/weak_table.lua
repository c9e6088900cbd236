-- expects: unsupported
setmetatable({}, {__mode = "k"})
