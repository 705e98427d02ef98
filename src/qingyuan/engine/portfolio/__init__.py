"""Which measures, at least cost: selections with a proven bound, small ones by HiGHS, large ones by decomposition."""
