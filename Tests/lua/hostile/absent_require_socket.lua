-- expects: not_available
require("socket")
