-- expects: script_timeout
::again:: goto again
