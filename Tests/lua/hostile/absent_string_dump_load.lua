-- expects: unknown_member
load(string.dump(function() end), "x", "b")()
