-- expects: script_syntax
require("broken")
