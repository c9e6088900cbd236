-- expects: not_available
require "ffi"
