"""`python -m jiebang` is the same as `jiebang`."""

from jiebang.cli.app import main

if __name__ == "__main__":
    main()
