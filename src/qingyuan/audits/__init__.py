"""The evidence that plan, review and acceptance quote: datasets, runs of the engine, findings, schemes and how they were judged."""
