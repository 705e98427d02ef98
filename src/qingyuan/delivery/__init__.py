"""A pilot that was approved: its baseline, its progress, what it delivers, how it is accepted, what is credited."""
