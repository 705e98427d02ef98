"""Pages of bodies, experts, mail and tokens."""
