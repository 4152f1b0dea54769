//! Finding programs the way a shell does.

use std::{
    env,
    path::{Path, PathBuf},
};

/// The first of these programs in the first of these directories that has it: an earlier name
/// wins over an earlier directory.
pub fn find(names: &[&str], dirs: &[PathBuf]) -> Option<PathBuf> {
    names.iter().find_map(|name| {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        dirs.iter().map(|dir| dir.join(&file)).find(|path| is_program(path))
    })
}

/// Whether this is a file that may be run.
#[cfg(unix)]
pub fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Whether this is a file that may be run.
#[cfg(not(unix))]
pub fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{error::Error, fs, os::unix::fs::PermissionsExt};

    #[test]
    fn only_programs_are_found_and_names_are_tried_in_order() -> Result<(), Box<dyn Error>> {
        let base = env::temp_dir().join(format!("xtask-lookup-{}", std::process::id()));
        let (a, b) = (base.join("a"), base.join("b"));
        for (dir, name, mode) in [(&a, "notes", 0o644), (&a, "second", 0o755), (&b, "first", 0o755)] {
            fs::create_dir_all(dir)?;
            fs::write(dir.join(name), "")?;
            fs::set_permissions(dir.join(name), fs::Permissions::from_mode(mode))?;
        }
        let dirs = [a.clone(), b.clone()];

        assert_eq!(find(&["first", "second"], &dirs), Some(b.join("first")));
        assert_eq!(find(&["third", "second"], &dirs), Some(a.join("second")));
        assert_eq!(find(&["notes"], &dirs), None);
        assert_eq!(find(&["first"], &[]), None);
        fs::remove_dir_all(&base)?;
        Ok(())
    }
}
