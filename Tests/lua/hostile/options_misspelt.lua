-- expects: unknown_member
geuse.optoins { tag = { "TAG" } }
