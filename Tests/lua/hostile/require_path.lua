-- expects: invalid_module_name
require("../../etc/passwd")
