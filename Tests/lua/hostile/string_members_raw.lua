-- expects: read_only
rawset(string, "rep", nil)
