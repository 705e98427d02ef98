"""The demo: the bodies that the 2022 notices name, invented people, one open call, pilots in every stage."""
