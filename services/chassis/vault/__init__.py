"""What the vaults of services share: keys, seals, and the log of who read. Only a vault of a service uses it."""
