"""The app over an engine that trains nothing: for tests of the screen alone."""

import os
import sys
from pathlib import Path

from tui_trainer.core.presets import open_document
from tui_trainer.ui.app import TrainerApp

FAKE = Path(__file__).parents[1] / "ui" / "fake_engine.py"

if __name__ == "__main__":
    runs = Path(os.environ["TUI_TRAINER_RUNS"])
    app = TrainerApp(open_document("regression"), runs, (sys.executable, str(FAKE)))
    app.run()
    sys.exit(app.return_code)
