"""Child processes with limits on time and memory, for work on what came from outside."""
