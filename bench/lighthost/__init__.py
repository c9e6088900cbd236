"""A whole stack in one process: the lab's control plane, and a host without a docker engine.

The lab (Tests/Lab) boots real hosts with systemd and docker; that is the truth, and too heavy for hundreds of updates
or for an update without any waiting. Here AWS is the lab's control plane in this very process, over the real wire; the
agent runs the program's scripts really, as root, in a mount namespace of its own; `docker` is a small program that
talks to an engine kept in memory; and EFS is a tmpfs whose source is named as EFS's would be. The host's clock runs
ahead when a script sleeps for whole seconds, so that settling takes no real time.
"""
