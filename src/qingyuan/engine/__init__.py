"""Numbers: pure functions on arrays and frozen dataclasses, for a researcher as for the product.

No Django, no files, no clock, no network. Import the module that you need: heavy libraries load where they are used.
"""
