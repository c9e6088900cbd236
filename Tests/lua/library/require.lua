-- A module is run once, by its name, and kept.
local images = require("common.images")
assert(images.chunk == "common.images" and images.twice(4) == 8)
assert(require("common.images") == images)
assert(require("silent") == true and require("silent") == true and counted == 1)

local function code(name)
  local ok, e = pcall(require, name)
  assert(not ok)
  return type(e) == "table" and e.code or e
end
assert(code("nothing") == "module_not_found" and code("nothing") == "module_not_found")
assert(code("../x") == "invalid_module_name" and code("a..b") == "invalid_module_name")
assert(code("") == "invalid_module_name" and code("-x") == "invalid_module_name")
assert(code(7) == "wrong_type" and code("broken") == "script_syntax")
assert(code("cycle") == "require_cycle" and code("cycle") == "require_cycle")
assert(code("socket") == "not_available" and code("io") == "not_available")
assert(code("failing"):find("failing.lua:1: from the module", 1, true))
assert(code("failing"):find("from the module", 1, true), "it can be tried again")
