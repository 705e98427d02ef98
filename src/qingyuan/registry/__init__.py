"""Enterprises: one row each, whoever names them; later their audit records and the financing reserve."""
