-- expects: unknown_member
("x"):fromat()
