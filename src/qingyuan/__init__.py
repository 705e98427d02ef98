"""清源: the platform and engine of cleaner-production audit innovation pilots."""

__version__ = "0.1.0"
