-- expects: ok
for i = 1, 3 do
  geuse.window("w", function() goto out ::out:: end)
end
