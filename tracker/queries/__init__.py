"""The readers: questions over many facts, each a fixed number of SQL statements. Frozen dataclasses out."""
