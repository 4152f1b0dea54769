use std::path::Path;

use super::{code, err, ksort, out};

/// What `cargo xtask package` collects, which a debug build reads from there.
const NOTICES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/notices/THIRD-PARTY-NOTICES.txt");

#[test]
fn licences_are_told_or_how_to_get_them() {
    let told = ksort(Path::new("."), &["licences"]);
    match std::fs::read_to_string(NOTICES) {
        Ok(notices) => assert_eq!((code(&told), out(&told)), (0, notices.as_str())),
        Err(_) => {
            assert_eq!((code(&told), out(&told)), (1, ""));
            assert!(err(&told).starts_with("there are no notices in this program: run `cargo xtask package`"), "{}", err(&told));
        }
    }
}
