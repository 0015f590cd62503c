"""What the worker thread does: load, build, compile, train, evaluate, save."""

from __future__ import annotations

import time
import traceback
from dataclasses import replace
from typing import Any

import tensorflow as tf

from tui_trainer.core import toml
from tui_trainer.core.best import monitor_of, overfits_since
from tui_trainer.core.errors import TrainerError, reason, telling
from tui_trainer.core.events import CheckpointSaved, Failed, Finished, Metrics
from tui_trainer.core.experiment import Experiment
from tui_trainer.core.modelfile import copy_model
from tui_trainer.engine.bookmark import Bookmark
from tui_trainer.engine.callbacks import make_callbacks, take_up, tell_stops
from tui_trainer.engine.checkpoint import Unusable, restore, write_whole
from tui_trainer.engine.data import Arrays, Cancelled, Split, Wait
from tui_trainer.engine.desk import Desk
from tui_trainer.engine.devices import device_scope
from tui_trainer.engine.fitting import Fitting
from tui_trainer.engine.initial import load_initial_weights
from tui_trainer.engine.left import Left, fault, lasting, look, sweep
from tui_trainer.engine.messages import plain_message
from tui_trainer.engine.pace import Pace
from tui_trainer.engine.prepared import Prepared, prepare
from tui_trainer.engine.recorder import Recorder, StopNow, plain_metrics
from tui_trainer.engine.shortage import out_of_memory
from tui_trainer.engine.state import State


class Work:
    """One run's work, from the data to the saved model."""

    def __init__(self, desk: Desk, experiment: Experiment) -> None:
        self.outcome: Finished | Failed | None = None
        self._desk, self._experiment = desk, experiment
        self._left = Left()
        self._begun = State()
        """Where this process takes the run up."""
        self._model: Any = None
        self._recorder: Recorder | None = None
        self._test: Metrics = {}
        self._cut_short = False

    def take_up(self) -> None:
        """See what there is of the run, and tell from where it goes on."""
        sweep(self._desk.run)
        left = self._left = look(self._desk.run)
        if left.begun:
            self._begin_at(left.checkpoints[0][1] if left.checkpoints else State())
        for text in left.faults:
            self._desk.warn(text)

    def run(self, prepared: Prepared | None = None) -> None:
        """Do the work, or what is left of it; whatever happens, an outcome is told and set."""
        try:
            outcome: Finished | Failed = self._whole(prepared)
        except TrainerError as error:
            outcome = self._failed(error.message, error.where)
        except (tf.errors.ResourceExhaustedError, MemoryError) as error:
            traceback.print_exc()
            device = self._desk.journal.status.device
            told = out_of_memory(self._experiment, self._desk.phase, device, error)
            outcome = self._failed(told.message, told.where)
        except Exception as error:
            traceback.print_exc()
            message = plain_message(error)
            outcome = self._failed(message, self._callback_in(message))
        self._end(outcome)

    def copy_wishes(self) -> None:
        """Carry out what was asked too late for a model in training: copy the saved one."""
        self._desk.commands.read()
        self._desk.save_wishes(lambda path: copy_model(self._desk.run.model, path), self._epoch)

    def _whole(self, prepared: Prepared | None) -> Finished:
        with device_scope(self._experiment.fit.device):
            try:
                self._left.check(self._experiment)
                ready = prepared or self._prepare()
                self._model = ready.model
                self._desk.note(ready.fitting.words)
                self._fit(ready.fitting, ready.arrays)
                self._evaluate(ready.fitting, ready.arrays.test)
            except (Cancelled, StopNow):
                self._cut_short = True
            if self._recorder is not None:
                self._save(self._recorder)
        return self._finished()

    def tell(self, phase: str, device: str) -> None:
        """Tell that a phase begins, and where."""
        if device:
            self._desk.journal.change(device=device)
        self._desk.begin(phase)

    def _prepare(self) -> Prepared:
        journal, commands = self._desk.journal, self._desk.commands
        wait = Wait(lambda text: journal.change(note=text), lambda: commands.stopping)
        return prepare(self._experiment, wait, self.tell)

    def _fit(self, fitting: Fitting, arrays: Arrays) -> None:
        fit, monitor = self._experiment.fit, monitor_of(self._experiment)
        own = make_callbacks(self._experiment.callbacks, self._desk.run)
        if self._desk.commands.stopping:
            raise Cancelled
        if self._left.begun:
            self._go_on(self._left)
            take_up(own, self._begun.epoch)
        begun = replace(self._begun, experiment=toml.dumps(lasting(self._experiment)))
        if not (begun.epoch or begun.batch):
            load_initial_weights(self._model, self._experiment, arrays.facts)
        ratio = len(arrays.validation) / len(arrays.train)
        pace = Pace(fit.epochs, fitting.batches, fit.batch_size, ratio)
        bookmark = Bookmark(own, begun)
        recorder = Recorder(self._desk, monitor, pace, bookmark, begun)
        callbacks = fitting.callbacks([bookmark, *own, recorder], self._desk.warn)
        write_whole(self._model)
        self._recorder = recorder
        try:
            fitting.fit(callbacks, fit.epochs if begun.ended else begun.epoch, begun.batch)
        except StopNow:
            recorder.cut_short = True
            recorder.leave()
            self._model.optimizer.finalize_variable_values(self._model.trainable_weights)
            callbacks.on_train_end()
            raise
        finally:
            recorder.break_off()
            self._tell_end(recorder, own)

    def _go_on(self, left: Left) -> None:
        """Make the model what it was, by the newest checkpoint that can be used."""
        for path, state in left.checkpoints:
            if state is not self._begun:
                self._begin_at(state)
            try:
                restore(self._model, path, state)
            except Unusable as error:
                self._desk.warn(fault(path, error))
                continue
            if state.ended and left.finished:
                self._begun = state.past_its_end()
            return
        if left.checkpoints:
            self._begin_at(State())

    def _begin_at(self, state: State) -> None:
        """Tell where the run is taken up, and count on from there."""
        self._begun = state
        self._desk.take_up(state)

    def _tell_end(self, recorder: Recorder, callbacks: list[Any]) -> None:
        """Note who ended the training, and whether the model overfits."""
        told = list(tell_stops(callbacks, recorder.epoch))
        lowest = overfits_since(recorder.validation_losses)
        if lowest is not None and not told:
            told.append(f"val_loss was lowest at epoch {lowest}; after that the model overfits")
        if recorder.cut_short:
            told.append(f"stopped after epoch {recorder.epoch}, as asked")
        for text in told:
            self._desk.note(text)

    def _evaluate(self, fitting: Fitting, test: Split) -> None:
        if not len(test) or self._recorder is None:
            return
        feed = fitting.feed(test)
        self._desk.begin("evaluate", feed.num_batches)
        self._test = plain_metrics(fitting.evaluate(feed, self._recorder))

    def _save(self, recorder: Recorder) -> None:
        self._desk.begin("save")
        path = self._desk.run.model
        with telling("the model could not be saved", path):
            self._desk.stand()
            recorder.save(path)
        self._desk.journal.tell(CheckpointSaved(self._epoch, str(path), time.time()))

    @property
    def _epoch(self) -> int:
        """How many epochs were completed."""
        return self._recorder.epoch if self._recorder else self._begun.epoch

    def _finished(self) -> Finished:
        self._desk.watch.turn("")
        recorder, begun = self._recorder, self._begun
        return Finished(
            run=str(self._desk.run.path),
            epochs=self._epoch,
            metrics=recorder.metrics if recorder else begun.metrics,
            best=recorder.best if recorder else begun.best,
            test=self._test,
            seconds=self._desk.watch.total,
            stopped=self._cut_short or bool(recorder and recorder.cut_short),
            phases=self._desk.watch.seconds,
            device=self._desk.journal.status.device,
            at=time.time(),
        )

    def _callback_in(self, message: str) -> str:
        """Return the place of the callback that an error speaks of, or nothing."""
        for number, part in enumerate(self._experiment.callbacks, start=1):
            if part.type in message and not part.disabled:
                return f"callback {number}"
        return ""

    def _failed(self, message: str, where: str = "") -> Failed:
        return Failed(message, where, time.time())

    def _end(self, outcome: Finished | Failed) -> None:
        self.outcome = outcome  # Whatever else fails now, there is one: nobody waits for ever.
        self.copy_wishes()
        self._desk.journal.tell(outcome)
        fault = self._desk.journal.fault
        if fault is not None and isinstance(outcome, Finished):
            outcome = self._failed(f"the run's history could not be written: {reason(fault)}")
        note = ""
        if isinstance(outcome, Failed) and fault is not None:  # No event says it.
            note = str(TrainerError(outcome.message, outcome.where))
        self._desk.journal.change(state=outcome.state, eta=None, note=note)
        self.outcome = outcome
