"""The cases of cli_test.py, a file per group of commands."""
