"""What the partitions of a series are called, where the list of them lives, and how they hang together."""
