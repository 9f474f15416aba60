"""``python -m itpm_trends``: the commands, where the program's own name is not on the path."""

from itpm_trends.cli import main

main()
