"""What is known, in one SQLite folder. The only package that knows sqlite3."""
