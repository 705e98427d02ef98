"""Who may, as predicates that give reasons."""
