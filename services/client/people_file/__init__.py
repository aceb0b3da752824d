"""Files of people as officers have them: read, understood, checked, and written as a template."""
