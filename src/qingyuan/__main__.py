"""`python -m qingyuan`: the same as the command `qingyuan`."""

from qingyuan.cli import main

if __name__ == "__main__":
    main()
