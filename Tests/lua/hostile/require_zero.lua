-- expects: invalid_module_name
require("a\0b")
