"""A reviewer's questions, each a function from a casebook to an answer: offline, from statements and the log alone."""
