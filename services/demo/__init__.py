"""`homeward demo`: a year of invented handovers and three years of follow-up, driven through the public API."""
