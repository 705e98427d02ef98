"""What waits for whom in this room."""
