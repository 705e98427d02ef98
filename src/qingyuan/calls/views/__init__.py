"""Pages of calls and supplementary notices."""
