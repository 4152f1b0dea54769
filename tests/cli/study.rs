//! Commands about studies: `serve`, `init`, `validate`.

use std::fs;

use k_sort::study::Study;
use tempfile::TempDir;

use crate::{code, err, folder, ksort, ksort_with, out};

#[test]
fn serve_without_a_study_says_what_is_missing() {
    let empty = TempDir::new().unwrap();
    let output = ksort(empty.path(), &["serve", "."]);
    assert_eq!((code(&output), out(&output)), (1, ""));
    assert!(err(&output).starts_with("./study.json: no such file; `ksort init .` writes one"), "{}", err(&output));
    assert_eq!(code(&ksort(empty.path(), &["serve", "nowhere"])), 1);
}

#[test]
fn init_writes_a_study_that_validate_finds_fine() {
    let folder = folder(&[
        ("dogs/1/sd xl.jpg", "x"),
        ("dogs/1/dalle.png", "x"),
        ("dogs/2/sd xl.jpg", "x"),
        ("dogs/2/dalle.png", "x"),
        ("dogs/10/sd xl.jpg", "x"),
        ("dogs/10/dalle.png", "x"),
        ("dogs/10/notes.doc", "x"),
        ("dogs/.DS_Store", "x"),
    ]);
    let init = ksort(folder.path(), &["init", "dogs"]);
    assert_eq!(code(&init), 0, "{}", err(&init));
    assert_eq!(out(&init), "dogs/study.json: written, with 2 models and 3 items from ITEM/MODEL.ext\n");
    assert_eq!(err(&init), "left out: 10/notes.doc: a file extension of no known kind\n");
    let study = Study::read(&fs::read_to_string(folder.path().join("dogs/study.json")).unwrap()).unwrap();
    assert_eq!(study.items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["1", "2", "10"]);
    assert_eq!(study.items[2].outputs.get("sd xl").unwrap().src, "10/sd%20xl.jpg");
    for argument in ["dogs", "dogs/study.json"] {
        let validate = ksort(folder.path(), &["validate", argument]);
        assert_eq!((code(&validate), err(&validate)), (0, ""));
        assert_eq!(out(&validate), "dogs/study.json: fine: 2 models, 3 items, 6 outputs (6 image)\n");
    }
}

#[test]
fn init_never_replaces_a_study() {
    let folder = folder(&[("study.json", "mine"), ("a/1.png", "x"), ("b/1.png", "x")]);
    let output = ksort(folder.path(), &["init", "."]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).starts_with("./study.json: is there already and stays as it is"), "{}", err(&output));
    assert_eq!(fs::read_to_string(folder.path().join("study.json")).unwrap(), "mine");
}

#[test]
fn init_says_when_it_had_to_guess_and_can_be_told() {
    let files =
        [("m/a/1.png", "x"), ("m/a/2.png", "x"), ("m/b/1.png", "x"), ("m/b/2.png", "x"), ("m/c/1.png", "x"), ("m/c/2.png", "x")];
    let guessed = folder(&files);
    let output = ksort(guessed.path(), &["init", "m"]);
    assert!(err(&output).contains("taken as MODEL/ITEM.ext"), "{}", err(&output));
    assert!(out(&output).contains("3 models and 2 items"));
    let told = folder(&files);
    let output = ksort(told.path(), &["init", "m", "--layout", "item-model"]);
    assert_eq!((code(&output), err(&output)), (0, ""));
    assert!(out(&output).contains("2 models and 3 items from ITEM/MODEL.ext"));
}

#[test]
fn init_refuses_two_files_for_one_output_and_a_folder_without_media() {
    let folder = folder(&[("m/a/1.png", "x"), ("m/a/1.jpg", "x"), ("m/b/1.png", "x"), ("none/readme", "x")]);
    let doubled = ksort(folder.path(), &["init", "m"]);
    assert_eq!(code(&doubled), 1);
    assert_eq!(err(&doubled), "m: a/1: found both `a/1.jpg` and `a/1.png`, expected one file for each model and item\n");
    assert_eq!(code(&ksort(folder.path(), &["init", "none"])), 1);
    assert_eq!(code(&ksort(folder.path(), &["init", "nowhere"])), 1);
    assert!(!folder.path().join("m/study.json").exists());
}

#[test]
fn validate_lists_every_error_and_every_missing_medium() {
    let study = r#"{"version":1,"id":"s","modles":[],"models":[{"id":"a"},{"id":"b"}],"items":[{"id":"i","reference":"r.png",
        "outputs":{"a":"here.png","b":{"src":"gone%201.png","poster":"../up.png"}}},
        {"id":"j","outputs":{"a":"https://x.org/a.png","b":"bad.xyz"}}]}"#;
    let folder = folder(&[("f/study.json", study), ("f/here.png", "x"), ("up.png", "x")]);
    let output = ksort(folder.path(), &["validate", "f/study.json"]);
    assert_eq!((code(&output), out(&output)), (1, ""));
    assert_eq!(
        err(&output).lines().collect::<Vec<_>>(),
        [
            "f/study.json: items[0].outputs.b.poster: \"../up.png\" is outside the study's folder, where `ksort serve` does not serve it",
            "f/study.json: modles: found the unknown key \"modles\", expected a known key, perhaps `models`",
            "f/study.json: items[1].outputs.b: found \"bad.xyz\", whose name does not tell its kind, expected a known file extension, or {src, kind}",
            "f/study.json: items[0].reference: found no file f/r.png, expected the medium \"r.png\"",
            "f/study.json: items[0].outputs.b.src: found no file f/gone 1.png, expected the medium \"gone%201.png\"",
            "f/study.json: items[1].outputs.b: found no file f/bad.xyz, expected the medium \"bad.xyz\"",
        ]
    );
    let no_json = ksort_with(folder.path(), &["validate", "up.png"], "");
    assert_eq!(code(&no_json), 1);
    assert!(err(&no_json).starts_with("up.png: line 1, column 1: found text that is no JSON"), "{}", err(&no_json));
    assert_eq!(code(&ksort(folder.path(), &["validate", "nowhere.json"])), 1);
}
