"""The lab: a cloud small enough for one machine. See ../README.md."""
