"""The pages of an application, split by its parts."""
