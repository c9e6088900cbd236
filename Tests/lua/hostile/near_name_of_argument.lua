-- expects: unknown_key
geuse.fail("code", "message", { hnit = "x" })
