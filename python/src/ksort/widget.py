"""The widget of a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import anywidget
import traitlets

from .frame import frame
from .study import Study

if TYPE_CHECKING:
    import pandas


class Widget(anywidget.AnyWidget):
    """Shows a study below a cell.

    `study` is the path of a folder with a `study.json`, of such a file, or a dict with what would stand in it.
    Without `rater` and `session` the browser makes them up and keeps them.
    """

    _esm = Path(__file__).parent / "widget.js"
    _id = traitlets.Unicode().tag(sync=True)
    _rater = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    _session = traitlets.Unicode(None, allow_none=True).tag(sync=True)
    votes = traitlets.List(traitlets.Dict(), read_only=True, help="The vote records, in the order they came.")

    def __init__(
        self, study: str | PathLike[str] | Mapping, *, rater: str | None = None, session: str | None = None
    ) -> None:
        self._study = Study(study)
        self._leaderboards: dict[str, list[dict]] = {}
        super().__init__(_id=uuid4().hex, _rater=rater, _session=session)
        self.on_msg(self._hear)

    def votes_frame(self) -> pandas.DataFrame:
        """The votes as a table, one row each; needs pandas."""
        return frame(self.votes)

    def leaderboard(self, criterion: str | None = None) -> list[dict]:
        """The models by score, best first, on a criterion or the study's first; empty until the study is shown.

        Raises ValueError for a criterion that the study does not ask.
        """
        boards = self._leaderboards
        if not boards:
            return []
        name = next(iter(boards)) if criterion is None else criterion
        if name not in boards:
            raise ValueError(f"criterion: found {name!r}, expected one of {', '.join(map(repr, boards))}")
        return boards[name]

    def _hear(self, _widget: Widget, content: dict, _buffers: list) -> None:
        if "ask" in content:
            self._answer(content["ask"], content["path"])
        else:
            self._leaderboards = content["leaderboards"]
            # Each page that shows the widget tells of its own session alone.
            votes = {vote["id"]: vote for vote in [*self.votes, *content["votes"]]}
            self.set_trait("votes", list(votes.values()))

    def _answer(self, ask: str, path: str) -> None:
        try:
            data, media_type = self._study.read(path)
        except OSError as error:
            self.send({"answer": ask, "error": str(error)})
        else:
            self.send({"answer": ask, "type": media_type}, [data])
