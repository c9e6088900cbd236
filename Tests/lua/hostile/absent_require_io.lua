-- expects: not_available
require "io"
