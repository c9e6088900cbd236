-- Tests of NAME.lua, on simulated stacks in simulated time:
--
--   geusemaker script test NAME_test.lua

test("brings the new version", function()
    stack { services = { n8n = "n8nio/n8n:1.19.0" } }
    run("NAME.lua", { tag = "1.20.0" })
    expect.done()
    expect.image("n8n", "n8nio/n8n:1.20.0")
    expect.healthy()
end)

test("changes nothing when that version runs already", function()
    stack { services = { n8n = "n8nio/n8n:1.20.0" } }
    run("NAME.lua", { tag = "1.20.0" })
    expect.nothing_to_do()
end)

test("is undone when the new version does not become healthy", function()
    stack { services = { n8n = "n8nio/n8n:1.19.0" } }
    fault("health", "unhealthy:n8n", { times = 1 })
    run("NAME.lua", { tag = "1.20.0" })
    expect.rolled_back()
    expect.image("n8n", "n8nio/n8n:1.19.0")
end)

test("fails before any interruption when there is no such version", function()
    fault("pull", "manifest-unknown")
    run("NAME.lua", { tag = "9.99.9" })
    expect.refused()
end)
