-- expects: script_failed
error({code = "Not A Code", message = "x"})
