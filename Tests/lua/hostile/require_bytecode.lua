-- expects: script_syntax
require("bytecode")
