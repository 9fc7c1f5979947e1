"""The folder that people write a series in: its files read into records, every mistake told with line and remedy."""
