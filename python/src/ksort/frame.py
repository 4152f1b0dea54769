"""Votes as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas

#: Columns that are there without a vote, too.
COLUMNS = [
    "id", "study", "rater", "session", "seq", "trial", "trial_id", "item", "criterion", "protocol",
    "outcome", "shown", "ranking", "shown_at", "submitted_at", "duration_ms",
]  # fmt: skip
TIMES = ["shown_at", "submitted_at"]


def rows(votes: Iterable[dict]) -> list[dict]:
    """Vote records, each with the ranks of its models: the place of their inner list in `ranking`, from 1."""
    return [{**vote, "rank": _ranks(vote.get("ranking") or [])} for vote in votes]


def _ranks(ranking: list[list[str]]) -> dict[str, int]:
    return {model: place for place, models in enumerate(ranking, 1) for model in models}


def frame(votes: Iterable[dict]) -> pandas.DataFrame:
    """One row a vote. What is nested has columns such as `rank.sdxl` and `exposure.sdxl.visible_ms`."""
    import pandas

    table = pandas.json_normalize(rows(votes))
    others = [column for column in table.columns if column not in COLUMNS]
    table = table.reindex(columns=COLUMNS + others)
    return table.assign(**{time: pandas.to_datetime(table[time], utc=True) for time in TIMES})
