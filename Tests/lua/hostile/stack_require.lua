-- expects: script_failed require_cycle
require("cycle")
