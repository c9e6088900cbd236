-- restore: put the data of a service back from the dump that a backup took of it.
--
--   geusemaker backup restore NAME BACKUP --data n8n
--   geusemaker run restore.lua NAME -- --service n8n --from BACKUP
--
-- The present data is dumped first and kept beside the restored; what uses it is stopped
-- meanwhile. Whether the dump is whole and the services get well is the program's to prove.

local asked = geuse.options {
    service = { "SERVICE", required = true, doc = "whose data, or who uses it" },
    from = { "BACKUP", default = "latest", doc = "the backup's id" },
}

geuse.restore_data(asked.service, asked.from)
