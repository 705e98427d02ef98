"""Pages, an idea a file."""
