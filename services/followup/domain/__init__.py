"""What followup decides; one file per capability."""
