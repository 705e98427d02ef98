"""Computing a run: the process that computes, the worker that looks after it, and the task that wakes workers."""
