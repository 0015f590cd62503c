"""What holds for every test."""

import os
import signal

os.environ["TUI_TRAINER_PRESETS"] = os.devnull  # Nobody's own presets take part.
os.environ["TUI_TRAINER_SETTINGS"] = os.path.join(os.devnull, "none")  # And nobody's settings.
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # Whoever starts the tests under nohup changes none.
