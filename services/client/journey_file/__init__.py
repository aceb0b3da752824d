"""Files that say who left together: one bus, several people, one or several offices."""
