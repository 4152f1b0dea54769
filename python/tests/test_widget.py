import tempfile
import unittest
from pathlib import Path

import ksort
import traitlets

VOTE = {"id": "a", "outcome": "ranked", "ranking": [["x"], ["y"]]}
BOARD = [{"model": "x", "rank": 1}, {"model": "y", "rank": 2}]


class Widget(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        folder = Path(place.name)
        (folder / "study.json").write_text("{}")
        (folder / "one.png").write_bytes(b"picture")
        self.widget = ksort.Widget(folder, rater="r1")
        self.sent = []
        self.widget.send = lambda content, buffers=None: self.sent.append((content, buffers))

    def hear(self, content):
        self.widget._handle_custom_msg(content, [])

    def test_media_are_given_as_they_are_asked_for(self):
        self.hear({"ask": "a", "path": "one.png"})
        self.hear({"ask": "b", "path": "../one.png"})
        self.assertEqual(self.sent[0], ({"answer": "a", "type": "image/png"}, [b"picture"]))
        self.assertEqual(self.sent[1], ({"answer": "b", "error": "../one.png: no such file in the study's folder"}, None))

    def test_votes_can_be_watched_and_not_written(self):
        seen = []
        self.widget.observe(lambda change: seen.append(change["new"]), "votes")
        self.hear({"votes": [VOTE], "leaderboards": {"overall": BOARD}})
        self.assertEqual((seen, self.widget.votes), ([[VOTE]], [VOTE]))
        self.assertEqual(self.widget.votes_frame()["rank.x"].tolist(), [1])
        with self.assertRaises(traitlets.TraitError):
            self.widget.votes = []

    def test_votes_of_several_pages_come_together_each_once(self):
        other = {**VOTE, "id": "b"}
        for votes in [[VOTE], [], [other], [VOTE, {**other, "comment": "later"}]]:
            self.hear({"votes": votes, "leaderboards": {"overall": BOARD}})
        self.assertEqual(self.widget.votes, [VOTE, {**other, "comment": "later"}])

    def test_leaderboards_are_by_criterion(self):
        self.assertEqual(self.widget.leaderboard(), [])
        self.hear({"votes": [], "leaderboards": {"overall": BOARD, "detail": []}})
        self.assertEqual((self.widget.leaderboard(), self.widget.leaderboard("detail")), (BOARD, []))
        with self.assertRaisesRegex(ValueError, "criterion: found 'x', expected one of 'overall', 'detail'"):
            self.widget.leaderboard("x")


if __name__ == "__main__":
    unittest.main()
