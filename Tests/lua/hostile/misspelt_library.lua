-- expects: unknown_member
string.fromat("x")
