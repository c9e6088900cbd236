-- expects: script_timeout too_many_calls
-- on: stack
-- ownTime: 1
local name, image = ("\u{202e}"):rep(5400), ("a/"):rep(8000)
geuse.window("w", function()
    while true do
        pcall(geuse.set_image, name, "x")
        pcall(geuse.set_image, "n8n", image)
    end
end)
