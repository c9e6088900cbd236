-- The stock script restore.lua.

test("puts the data back that a backup dumped", function()
    -- An update of n8n's image dumps its database first.
    expect.done(run("update.lua", { image = { n8n = "n8nio/n8n:1.20.0" } }))
    local r = run("restore.lua", { service = "n8n" })
    expect.done(r)
    expect.healthy()
end)

test("finds no data in a backup without a dump", function()
    expect.done(run("backup.lua"))
    run("restore.lua", { service = "n8n" })
    expect.refused("no_dump")
end)

test("needs to be told whose data", function()
    run("restore.lua")
    expect.refused("missing_option")
end)

test("refuses a backup that does not exist", function()
    run("restore.lua", { service = "n8n", from = "20200101-000000-none" })
    expect.refused("unknown_backup")
    expect.healthy()
end)
