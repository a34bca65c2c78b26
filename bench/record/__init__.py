"""A made-up record: its words, its plan, and the rows they come to."""
