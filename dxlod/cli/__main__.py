"""``python -m dxlod.cli``."""

from dxlod.cli.main import main

main()
