"""Layout, components, widgets and static files: what every page looks like. Knows no model of any room."""
