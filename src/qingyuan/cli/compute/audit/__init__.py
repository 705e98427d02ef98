"""A whole audit: everything that the sheets of one book allow, each part by its own command, and one report of all."""
