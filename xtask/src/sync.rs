//! Bringing one directory in line with another, touching only what differs: an unchanged file
//! keeps its time stamp, so nothing that embeds it is compiled again.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::error::{Result, on_file};

/// Makes `to` hold exactly the files of `from`.
///
/// # Errors
/// When a file cannot be read, written or removed.
pub fn sync(from: &Path, to: &Path) -> Result<()> {
    let wanted = files(from)?;
    for file in &wanted {
        let source = from.join(file);
        let target = to.join(file);
        let new = fs::read(&source).map_err(on_file("read", &source))?;
        if fs::read(&target).is_ok_and(|old| old == new) {
            continue;
        }
        if let Some(dir) = target.parent() {
            fs::create_dir_all(dir).map_err(on_file("make", dir))?;
        }
        fs::write(&target, new).map_err(on_file("write", &target))?;
    }
    for file in files(to)? {
        if !wanted.contains(&file) {
            let stale = to.join(file);
            fs::remove_file(&stale).map_err(on_file("remove", &stale))?;
        }
    }
    Ok(())
}

/// Every file below a directory, as sorted paths relative to it; none if there is no such place.
///
/// # Errors
/// When a directory cannot be read.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut pending = vec![dir.to_owned()];
    while let Some(current) = pending.pop() {
        if !current.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&current).map_err(on_file("read", &current))? {
            let path = entry.map_err(on_file("read", &current))?.path();
            if path.is_dir() {
                pending.push(path);
            } else if let Ok(relative) = path.strip_prefix(dir) {
                found.push(relative.to_owned());
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error;

    #[test]
    fn only_what_differs_is_touched() -> std::result::Result<(), Box<dyn Error>> {
        let base = std::env::temp_dir().join(format!("xtask-sync-{}", std::process::id()));
        let (from, to) = (base.join("from"), base.join("to"));
        fs::create_dir_all(from.join("pkg"))?;
        fs::create_dir_all(to.join("old"))?;
        fs::write(from.join("same"), "same")?;
        fs::write(to.join("same"), "same")?;
        fs::write(from.join("pkg/changed"), "new")?;
        fs::write(to.join("old/stale"), "stale")?;
        let before = fs::metadata(to.join("same"))?.modified()?;

        sync(&from, &to)?;

        assert_eq!(files(&to)?, files(&from)?);
        assert_eq!(fs::read(to.join("pkg/changed"))?, b"new");
        assert_eq!(fs::metadata(to.join("same"))?.modified()?, before);
        fs::remove_dir_all(&base)?;
        Ok(())
    }
}
