//! `ksort` as a shell sees it: output, messages, exit status.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::panic, clippy::unwrap_used)]

mod certainty;
mod licences;
mod method;
mod next;
mod rank;
mod report;
mod simulate;
mod study;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

fn ksort_with(folder: &Path, args: &[&str], input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_ksort"))
        .args(args)
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that does not read its input may be gone already.
    _ = process.stdin.take().unwrap().write_all(input.as_bytes());
    process.wait_with_output().unwrap()
}

fn ksort(folder: &Path, args: &[&str]) -> Output {
    ksort_with(folder, args, "")
}

fn out(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

fn err(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn json(output: &Output) -> Vec<Value> {
    assert_eq!(code(output), 0, "{}", err(output));
    serde_json::from_str(out(output)).unwrap()
}

#[test]
fn a_wrong_call_exits_with_2_and_help_with_0() {
    for args in [
        &[][..],
        &["rnak"],
        &["rank"],
        &["rank", "-", "--format", "xml"],
        &["rank", "-", "--method", "no-such"],
        &["serve"],
        &["serve", ".", "--addr", "8080"],
        &["serve", ".", "--addr", "127.0.0.1:70000"],
        &["init"],
        &["validate"],
        &["next"],
        &["next", "-"],
        &["simulate", "--models", "1"],
    ] {
        assert_eq!(code(&ksort(Path::new("."), args)), 2, "{args:?}");
    }
    let help = ksort(Path::new("."), &["--help"]);
    assert_eq!(code(&help), 0);
    assert!(
        ["serve", "rank", "next", "simulate", "validate", "init", "licences"].iter().all(|command| out(&help).contains(command))
    );
}
