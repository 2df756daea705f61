"""What people see on paper and on screen tables: the official forms, written and read."""
