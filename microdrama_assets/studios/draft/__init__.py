"""The draft studio: illustrated characters and sets, drawn on a CPU with no network."""
