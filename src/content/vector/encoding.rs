/// How far into a file its declaration of XML is looked for, in bytes.
const START: usize = 200;

/// The name of the encoding of a file of XML: by its byte order mark, by what the file says of itself, or UTF-8.
pub fn encoding(file: &[u8]) -> String {
    match file {
        [0xff, 0xfe, ..] => "utf-16le".into(),
        [0xfe, 0xff, ..] => "utf-16be".into(),
        [0xef, 0xbb, ..] => "utf-8".into(),
        _ => {
            let start: String = file.iter().take(START).map(|byte| char::from(*byte)).collect();
            // What says of itself in single bytes that it is UTF-16 is not.
            declared(&start).filter(|name| !is_utf16(name)).unwrap_or("utf-8").to_owned()
        }
    }
}

/// The encoding that `<?xml ... encoding="NAME"` names.
fn declared(start: &str) -> Option<&str> {
    let declaration = start.strip_prefix("<?xml")?.split('>').next()?;
    if !declaration.starts_with(|c: char| c.is_ascii_whitespace()) {
        return None;
    }
    declaration.match_indices("encoding").find_map(|(at, word)| {
        let is_word = !declaration[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let value = declaration[at + word.len()..].trim_start().strip_prefix('=')?.trim_start();
        let value = value.strip_prefix(['"', '\''])?;
        let name = value.split(['"', '\'']).next().filter(|name| name.len() < value.len())?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.:-".contains(c));
        (is_word && is_name).then_some(name)
    })
}

fn is_utf16(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with("utf16") || name.starts_with("utf-16")
}

#[cfg(test)]
mod tests {
    use super::encoding;

    #[test]
    fn a_mark_goes_before_what_the_file_says() {
        assert_eq!(encoding(b"\xff\xfe<\0?\0"), "utf-16le");
        assert_eq!(encoding(b"\xfe\xff\0<"), "utf-16be");
        assert_eq!(encoding(b"\xef\xbb\xbf<?xml encoding='latin1'?>"), "utf-8");
    }

    #[test]
    fn a_file_says_of_itself_how_it_is_written() {
        for (file, name) in [
            (r#"<?xml version="1.0" encoding="ISO-8859-1"?><svg/>"#, "ISO-8859-1"),
            ("<?xml encoding = 'windows-1252' ?>", "windows-1252"),
            (r#"<?xml encoding="UTF-16"?>"#, "utf-8"),
            (r#"<?xml encoding="utf16le"?>"#, "utf-8"),
            (r#"<?xml myencoding="latin1"?>"#, "utf-8"),
            (r#"<?xml?><svg encoding="latin1"/>"#, "utf-8"),
            (r#"<?xmlencoding="latin1"?>"#, "utf-8"),
            (r#"<?xml encoding="latin1"#, "utf-8"),
            (r#"<?xml encoding="a b"?>"#, "utf-8"),
            (r#" <?xml encoding="latin1"?>"#, "utf-8"),
            ("<svg/>", "utf-8"),
            ("", "utf-8"),
        ] {
            assert_eq!(encoding(file.as_bytes()), name, "{file}");
        }
        assert_eq!(encoding(&[0xff; 300]), "utf-8");
    }
}
