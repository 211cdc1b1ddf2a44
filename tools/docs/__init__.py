"""The documentation site: `python -m tools.docs [FOLDER]`, or `make docs`."""
