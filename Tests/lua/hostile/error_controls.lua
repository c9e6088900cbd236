-- expects: script_failed
error("\27[2J\0\r\u{202E}evil")
