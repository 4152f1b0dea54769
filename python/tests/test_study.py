import json
import tempfile
import unittest
from pathlib import Path

from ksort.study import Study


class StudyFolder(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.top = Path(place.name).resolve()
        self.folder = self.top / "cats"
        (self.folder / "a").mkdir(parents=True)
        (self.folder / "study.json").write_text('{"id": "cats"}')
        (self.folder / "a" / "one.png").write_bytes(b"picture")
        (self.folder / ".hidden").write_text("secret")
        (self.top / "secret.txt").write_text("secret")

    def test_a_study_is_a_folder_a_file_or_an_object(self):
        for study in (self.folder, str(self.folder), self.folder / "study.json"):
            self.assertEqual(Study(study).read("study.json"), (b'{"id": "cats"}', "application/json"))
        text, _ = Study({"id": "dogs"}).read("study.json")
        self.assertEqual(json.loads(text), {"id": "dogs"})

    def test_a_folder_without_a_study_says_what_to_do(self):
        with self.assertRaisesRegex(FileNotFoundError, "study.json: there is no such study file; `ksort init FOLDER` writes one"):
            Study(self.top)

    def test_media_come_with_their_type(self):
        study = Study(self.folder)
        self.assertEqual(study.read("a/one.png"), (b"picture", "image/png"))
        for name, kind in [("x.webp", "image/webp"), ("x.glb", "model/gltf-binary"), ("x.md", "text/markdown"), ("x.zzz", "application/octet-stream")]:
            (self.folder / name).write_bytes(b"")
            self.assertEqual(study.read(name)[1], kind)

    def test_nothing_outside_the_folder_and_nothing_hidden_is_given(self):
        study = Study(self.folder)
        (self.folder / "link.txt").symlink_to(self.top / "secret.txt")
        (self.folder / "up").symlink_to(self.top)
        asked = [
            "../secret.txt", "a/../../secret.txt", str(self.top / "secret.txt"), "link.txt", "up/secret.txt", "/etc/passwd",
            ".hidden", "a/../.hidden", "a", "", ".", "..", "nowhere.png", "a\0b", "a/one.png/x", "x" * 5000,
        ]  # fmt: skip
        for path in asked:
            with self.subTest(path=path[:40]), self.assertRaises(OSError):
                study.read(path)


if __name__ == "__main__":
    unittest.main()
