"""The command line: `python manage.py --help`."""

from admin.cli import main

if __name__ == "__main__":
    main()
