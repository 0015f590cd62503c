"""What holds for every test."""

import signal

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # Whoever starts the tests under nohup changes none.
