-- expects: unknown_member
return string.dump(function() end)
