-- expects: invalid_module_name
require("common.images/../../../../etc/passwd")
