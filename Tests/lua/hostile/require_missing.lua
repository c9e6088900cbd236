-- expects: module_not_found
require("nothing")
