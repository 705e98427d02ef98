"""A worker of computations as a process of its own, to be killed. Run by test_killed_workers.py with: NAME."""

from __future__ import annotations

import sys

import django

django.setup()

from qingyuan.audits.running import worker  # noqa: E402

worker.EVERY = 0.2
worker.work(worker.Worker(name=sys.argv[1]))
