-- expects: script_timeout
require("loops")
