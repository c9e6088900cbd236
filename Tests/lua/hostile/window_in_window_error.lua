-- expects: inner
geuse.window("a", function()
  geuse.window("b", function() geuse.fail("inner", "Inside.") end)
end)
