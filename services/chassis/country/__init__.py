"""The country as the services know it: its offices, and who of them sees what."""
