"""Work behind the pages: a door beside them. It opens sessions and commits; rows of `jobs` alone ask it."""
