"""The engine process: its main thread answers requests until it is handed a run."""

from __future__ import annotations

import json
import os
import select
import signal
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from tui_trainer.core import toml
from tui_trainer.core.errors import TrainerError, telling
from tui_trainer.core.events import finite
from tui_trainer.core.rundir import RunDir
from tui_trainer.engine.ahead import Ahead, can_prepare
from tui_trainer.engine.answers import ANSWERS, Request, experiment_of
from tui_trainer.engine.devices import list_devices
from tui_trainer.engine.redirect import send_output_to
from tui_trainer.engine.train import LiveRun

_TICK = 0.1
_READ = 1 << 16
_LONGEST = 64 << 20
"""Bytes of one request at most."""
_MOST_LOOKS = 50
"""Experiments that are prepared: each leaves some MB behind that TensorFlow never gives back."""


class Service:
    """One engine: it stands by and answers, until it is handed a run."""

    def __init__(self, requests: int, answers: int) -> None:
        """Take the descriptors that requests come from and answers go to."""
        self._requests, self._answers = requests, answers
        self._rest = b""
        self._open = True
        self._live: LiveRun | None = None
        self._ahead: Ahead | None = None
        self._looks = 0
        """How many experiments were to be prepared."""

    def announce(self) -> None:
        """Tell that the engine is ready."""
        ready = {
            "keras": keras.__version__,
            "tensorflow": tf.__version__,
            "devices": list_devices(),
        }
        self._write({"ready": ready})

    def serve(self) -> int:
        """Answer until the requests end or the run does; return the process's exit status."""
        while True:
            self._listen()
            if self._live is None:
                if not self._open:
                    return 0
                continue
            if self._live.outcome is not None:
                return 0 if self._live.status.state in ("finished", "stopped") else 1

    def _listen(self) -> None:
        """Answer what has come; wait for it while there is nothing else to do."""
        if not self._open:
            time.sleep(_TICK)  # The run is all that there is left to do.
            return
        timeout = None if self._live is None else _TICK
        if select.select([self._requests], [], [], timeout)[0]:
            self._read()

    def _read(self) -> None:
        chunk = os.read(self._requests, _READ)
        self._open = bool(chunk)
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > _LONGEST:
            self._rest = b""
        for line in filter(None, map(bytes.strip, lines)):
            self._take(line)

    def _take(self, line: bytes) -> None:
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError("expected an object")
        except (ValueError, RecursionError) as error:
            self._fail(None, f"expected a line of JSON: {error}")
            return
        self._handle(request)

    def _handle(self, request: dict[str, Any]) -> None:
        number, name = request.get("id"), request.get("do")
        try:
            if self._live is not None:
                raise TrainerError("expected nothing more: this engine belongs to a run")
            if name == "train":
                answer = self._train(request)
            elif name == "prepare":
                answer = self._prepare(request)
            elif isinstance(name, str) and name in ANSWERS:
                self._drop()  # It may draw random numbers.
                answer = ANSWERS[name](request)
            else:
                known = ", ".join([*ANSWERS, "prepare", "train"])
                raise TrainerError(f"expected one of {known}; received {name!r}", "do")
        except TrainerError as error:
            self._fail(number, error.message, error.where)
        except Exception as error:
            traceback.print_exc()
            self._fail(number, f"{type(error).__name__}: {error}")
        else:
            self._write({"id": number, "ok": answer})

    def _train(self, request: dict[str, Any]) -> dict[str, Any]:
        path = request.get("run")
        if not isinstance(path, str):
            raise TrainerError(f"expected the path of a run; received {path!r}", "run")
        run = RunDir(Path(path))
        experiment = toml.read(run.experiment)
        live = LiveRun(run, experiment)
        try:
            with telling("cannot be written", run.log):
                send_output_to(run.log)
        except TrainerError:
            live.release()
            raise
        if self._ahead and not self._ahead.is_of(experiment):
            self._drop()
        live.start(self._ahead)
        self._live = live
        return {"started": True}

    def _prepare(self, request: Request) -> dict[str, Any]:
        """Begin to prepare an experiment, in a thread of its own."""
        experiment = experiment_of(request)
        if self._ahead is None or not self._ahead.is_of(experiment):
            self._drop()
            self._looks += 1
            wanted = self._looks <= _MOST_LOOKS and can_prepare()
            self._ahead = Ahead(experiment) if wanted else None
        return {"preparing": self._ahead is not None}

    def _drop(self) -> None:
        """Let go of what was prepared."""
        if self._ahead:
            self._ahead.drop()
            self._ahead = None

    def stop(self, *_: Any) -> None:
        """End the run at the next batch, or the process where there is none; a signal handler."""
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        if self._live is None:
            os._exit(0)
        self._live.stop(now=True)

    def _fail(self, number: Any, message: str, where: str = "") -> None:
        self._write({"id": number, "error": {"message": message, "where": where}})

    def _write(self, record: dict[str, Any]) -> None:
        """Answer; where nobody listens any more, what was asked before is still carried out."""
        line = json.dumps(finite(record), allow_nan=False, default=str).encode() + b"\n"
        with suppress(BrokenPipeError):
            while line:
                line = line[os.write(self._answers, line) :]
