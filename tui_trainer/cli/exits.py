"""What the commands' exit status says."""

DONE = 0
FAILED = 1
"""A run ended with an error."""
WRONG_INPUT = 2
"""The user can mend it."""
INTERRUPTED = 130
"""Ctrl-C or SIGTERM, even if the model was saved."""
