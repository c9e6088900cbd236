-- expects: read_only
pairs = nil
