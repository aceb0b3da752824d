"""What followup does: one function per command, event and list; one file per capability."""
