"""What whoever runs Homeward does: prove, examine, watch and republish events, move schemas."""
