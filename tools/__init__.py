"""Scripts that the Makefile and pre-commit run; no part of the installed package."""
