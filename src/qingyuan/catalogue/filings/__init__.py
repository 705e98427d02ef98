"""What enterprises file elsewhere, as dated data: which item or column of a file means which figure of our tables."""

from qingyuan.catalogue.filings.loader import filings, filings_for, load_filing
from qingyuan.catalogue.filings.model import Filing, Item, Target

__all__ = ["Filing", "Item", "Target", "filings", "filings_for", "load_filing"]
