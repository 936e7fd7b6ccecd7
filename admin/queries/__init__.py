"""What only the pages ask the database, each in one statement or two."""
