"""The rows: a module offers `row(bench)`, which returns a `Tally`; a program prints its line itself."""
