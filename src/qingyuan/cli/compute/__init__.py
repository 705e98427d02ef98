"""The engine in a terminal: each command reads tables, asks the library, and prints a table or one JSON value."""
