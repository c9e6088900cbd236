-- expects: invalid_module_name
require(("a"):rep(100000))
