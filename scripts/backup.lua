-- backup: save state, compose file, image digests and an EFS nonce, and read them back.
--
--   geusemaker backup create NAME --label before-the-holidays
--   geusemaker run backup.lua NAME -- --label before-the-holidays

local asked = geuse.options {
    label = { "LABEL", doc = "a word for it; a labelled backup is never pruned" },
}

geuse.backup(asked.label)
