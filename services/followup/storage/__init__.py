"""Tables of followup, and the only statements; one file per capability."""
