-- The stock script backup.lua.

test("makes a backup and changes nothing that runs", function()
    local before = look()
    local r = run("backup.lua", { label = "before-the-holidays" })
    expect.done(r)
    expect.equal(r.downtime, 0)
    local after = look()
    expect.equal(after.services.n8n.started_at, before.services.n8n.started_at)
    expect.healthy()
end)

test("refuses a label that is none", function()
    run("backup.lua", { label = "../../etc" })
    expect.refused("invalid_backup_label")
end)

test("makes none of data that is not on its EFS", function()
    fault("efs", "missing:now")
    run("backup.lua")
    expect.refused("efs_not_mounted")
end)
