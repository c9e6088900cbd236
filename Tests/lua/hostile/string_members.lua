-- expects: read_only
string.rep = nil
