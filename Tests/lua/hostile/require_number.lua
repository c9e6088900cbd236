-- expects: wrong_type
require(1)
