-- expects: unknown_member
geuse.ecko(1)
