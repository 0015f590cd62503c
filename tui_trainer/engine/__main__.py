"""The engine process: `python -m tui_trainer.engine [--log PATH]`; JSON lines in and out."""

from __future__ import annotations

import argparse
import gc
import json
import os
import signal
import sys
import traceback

from tui_trainer.engine.redirect import lossy, private_copy, send_output_to, settle_environment


def main() -> int:
    """Become an engine; return the exit status of the process."""
    parser = argparse.ArgumentParser(prog="tui_trainer.engine")
    parser.add_argument("--log", default=os.devnull, help="where this process prints")
    log = parser.parse_args().log
    answers = private_copy(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        sys.stdout, sys.stderr = lossy(1), lossy(2)
        send_output_to(log)
        settle_environment()
        from tui_trainer.engine.service import Service  # Keras is imported here, quietly.

        gc.freeze()  # What was imported stays: nobody need look through it for what can go.
        service = Service(0, answers)
        signal.signal(signal.SIGTERM, service.stop)
        service.announce()
    except Exception as error:
        traceback.print_exc()
        message = f"{type(error).__name__}: {error}".splitlines()[0]
        os.write(answers, json.dumps({"error": {"message": message}}).encode() + b"\n")
        return 1
    status = service.serve()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # A thread may be inside TensorFlow, which would abort the process.


if __name__ == "__main__":
    sys.exit(main())
