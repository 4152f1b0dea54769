import unittest

from ksort.frame import COLUMNS, frame

RANKED = {
    "v": 1, "id": "b", "study": "cats", "rater": "r1", "session": "s", "seq": 0, "item": "i", "criterion": "overall", "protocol": "rank",
    "outcome": "ranked", "shown": ["x", "y", "z"], "ranking": [["y"], ["x", "z"]], "shown_at": "2026-11-23T10:00:00.000Z",
    "submitted_at": "2026-11-23T10:00:09.120Z", "duration_ms": 9120, "exposure": {"x": {"visible_ms": 9100}},
}  # fmt: skip
SKIPPED = {key: value for key, value in RANKED.items() if key != "ranking"} | {"id": "c", "seq": 1, "outcome": "skipped"}


class Frame(unittest.TestCase):
    def test_each_vote_is_a_row_with_the_ranks_of_its_models(self):
        table = frame([RANKED, SKIPPED])
        self.assertEqual(list(table["seq"]), [0, 1])
        self.assertEqual(list(table.loc[0, ["rank.x", "rank.y", "rank.z"]]), [2, 1, 2])
        self.assertTrue(table.loc[1, ["rank.x", "rank.y", "rank.z"]].isna().all())
        self.assertEqual(table.loc[0, "exposure.x.visible_ms"], 9100)
        self.assertEqual((table["submitted_at"] - table["shown_at"]).dt.total_seconds().iloc[0], 9.12)

    def test_there_are_columns_without_a_vote(self):
        table = frame([])
        self.assertEqual((len(table), list(table.columns)), (0, COLUMNS))


if __name__ == "__main__":
    unittest.main()
