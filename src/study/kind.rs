use serde::Serialize;

/// What a medium is, and so which panel shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum Kind {
    /// A still or animated picture.
    Image,
    /// Moving pictures, with or without sound.
    Video,
    /// Sound.
    Audio,
    /// A 3D scene.
    Scene,
    /// Words.
    Text,
    /// A web page.
    Web,
}

impl Kind {
    /// Every kind with its word in files.
    pub const WORDS: [(&'static str, Kind); 6] = [
        ("image", Kind::Image),
        ("video", Kind::Video),
        ("audio", Kind::Audio),
        ("scene", Kind::Scene),
        ("text", Kind::Text),
        ("web", Kind::Web),
    ];

    /// The kind that a URL's file name, or a `data:` URL's media type, tells.
    pub fn of_url(url: &str) -> Option<Kind> {
        if let Some(rest) = strip_scheme(url, "data:") {
            let media_type = rest.split([';', ',']).next().unwrap_or_default();
            return Self::of_media_type(media_type);
        }
        Self::of_extension(extension(url)?)
    }

    /// The format that a URL's file name or media type tells, in lower case; empty where neither does.
    pub fn format_of_url(url: &str) -> String {
        let format = match strip_scheme(url, "data:") {
            Some(rest) => rest.split([';', ',']).next().unwrap_or_default().rsplit('/').next(),
            None => extension(url),
        };
        format.unwrap_or_default().to_ascii_lowercase()
    }

    /// The kind of a file extension, in any case.
    pub fn of_extension(extension: &str) -> Option<Kind> {
        Some(match extension.to_ascii_lowercase().as_str() {
            "png" | "apng" | "jpg" | "jpeg" | "jfif" | "webp" | "avif" | "gif" | "svg" | "bmp" => Kind::Image,
            "mp4" | "m4v" | "webm" | "mov" | "ogv" => Kind::Video,
            "wav" | "mp3" | "ogg" | "oga" | "opus" | "flac" | "m4a" | "aac" | "weba" => Kind::Audio,
            "glb" | "gltf" | "obj" | "ply" | "stl" | "splat" | "spz" | "ksplat" | "sog" => Kind::Scene,
            "txt" | "md" | "markdown" => Kind::Text,
            "html" | "htm" => Kind::Web,
            _ => return None,
        })
    }

    fn of_media_type(media_type: &str) -> Option<Kind> {
        let (family, rest) = media_type.split_once('/')?;
        Some(match (family, rest) {
            ("image", _) => Kind::Image,
            ("video", _) => Kind::Video,
            ("audio", _) => Kind::Audio,
            ("model", _) => Kind::Scene,
            ("text", "html") => Kind::Web,
            ("text", _) => Kind::Text,
            _ => return None,
        })
    }
}

fn extension(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map(|(_, extension)| extension)
}

/// What follows a URL scheme such as `data:`, in any case.
fn strip_scheme<'u>(url: &'u str, scheme: &str) -> Option<&'u str> {
    let head = url.get(..scheme.len())?;
    head.eq_ignore_ascii_case(scheme).then(|| &url[scheme.len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_follows_from_the_file_name_or_the_media_type() {
        for (url, kind) in [
            ("a.PNG", Some(Kind::Image)),
            ("https://x.org/a/b.webm?v=2#t=3", Some(Kind::Video)),
            ("deep.dir/clip.opus", Some(Kind::Audio)),
            ("duck.glb", Some(Kind::Scene)),
            ("data:text/plain,hi", Some(Kind::Text)),
            ("DATA:image/png;base64,AA", Some(Kind::Image)),
            ("page.html", Some(Kind::Web)),
            ("deep.png/file", None),
            ("file.xyz", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(Kind::of_url(url), kind, "{url}");
        }
    }

    #[test]
    fn the_format_follows_from_the_same() {
        for (url, format) in [("a/b.GLB?v=1", "glb"), ("data:text/Markdown;base64,AA", "markdown"), ("a.b/c", ""), ("", "")] {
            assert_eq!(Kind::format_of_url(url), format, "{url}");
        }
    }
}
