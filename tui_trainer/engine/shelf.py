"""What Keras saves of a layer, and loads into one: here without a file between."""

from __future__ import annotations

from typing import Any

from keras.src.saving import saving_lib


class Shelf(saving_lib.NpzIOStore):  # type: ignore[misc]
    """Tables of variables, or of arrays, by the path that they have in a weights file."""

    def __init__(self) -> None:
        self.contents: dict[str, dict[str, Any]] = {}

    def make(self, path: str, metadata: Any = None) -> dict[str, Any]:
        """Return the table in which an object saves its variables; Keras calls it."""
        return self.contents.setdefault(path, {})

    def get(self, path: str) -> dict[str, Any]:
        """Return the table from which an object loads its variables; Keras calls it."""
        return self.contents.get(path, {})

    def has_path(self, path: str) -> bool:
        """Return whether there is anything at a path; Keras calls it."""
        return any(f"{at}/".startswith(f"{path}/") for at in self.contents)


def saved(saveable: Any) -> dict[str, Any]:
    """Return the variables that Keras would save of an object, by their paths in its file."""
    shelf = Shelf()
    saving_lib._save_state(saveable, shelf, None, "", set())
    return {
        "/".join(filter(None, (path, "vars", key))): variable
        for path, table in shelf.contents.items()
        for key, variable in table.items()
    }


def load(model: Any, arrays: dict[str, Any]) -> None:
    """Give the layers of a model the values that a file had, by their paths; all are needed."""
    shelf = Shelf()
    for at, array in arrays.items():
        path, _, key = at.rpartition("/")
        shelf.make(path.removesuffix("vars").removesuffix("/"))[key] = array
    saving_lib._load_container_state(
        model.layers, shelf, None, "layers", False, set(), failed_saveables=None, error_msgs=None
    )
