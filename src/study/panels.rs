//! What a study says of its panels.

use serde::Serialize;

use crate::json::{Json, Object, Reader, index, optional};

/// What must have happened to every option before an answer can be given; nothing where all is absent.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Gate {
    /// The part of each video and sound that must have been played, 0 to 1; parts played twice count once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(range(min = 0, max = 1)))]
    pub played: Option<f64>,
    /// How long each option must have been on screen, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "cli", schemars(range(max = 3_600_000)))]
    pub visible_ms: Option<u64>,
    /// Whether every option must have been loaded.
    #[cfg_attr(feature = "cli", schemars(default))]
    pub loaded: bool,
}

/// How sounds are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(default))]
pub struct AudioPanels {
    /// Length of the cross-fade from one option to another, in milliseconds.
    #[cfg_attr(feature = "cli", schemars(range(max = 2_000)))]
    pub crossfade_ms: u64,
    /// Whether all options are played at the same integrated loudness (ITU-R BS.1770).
    pub match_loudness: bool,
    /// Whether raters are asked to set their volume before the first sound.
    pub volume_check: bool,
}

impl Default for AudioPanels {
    fn default() -> Self {
        AudioPanels { crossfade_ms: 20, match_loudness: true, volume_check: true }
    }
}

/// How videos are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(default))]
pub struct VideoPanels {
    /// Whether each video plays alone at first, and the next only after the one before.
    pub one_at_a_time: bool,
}

/// How 3D scenes are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "cli", schemars(default))]
pub struct ScenePanels {
    /// The ways to look at a scene that raters have; the first is shown first.
    #[cfg_attr(feature = "cli", schemars(length(min = 1), extend("uniqueItems" = true)))]
    pub views: Vec<View>,
}

impl Default for ScenePanels {
    fn default() -> Self {
        ScenePanels { views: vec![View::Shaded] }
    }
}

/// A way to look at a 3D scene.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub enum View {
    /// With its materials, in the light that is the same for all.
    Shaded,
    /// The edges of its triangles.
    Wireframe,
    /// Coloured by the directions of its surface.
    Normals,
    /// The shape alone, as of clay.
    Matcap,
    /// Shaded, with the number of its vertices and triangles, or splats.
    Counts,
}

impl View {
    /// Every view with its word in files.
    pub const WORDS: [(&'static str, View); 5] = [
        ("shaded", View::Shaded),
        ("wireframe", View::Wireframe),
        ("normals", View::Normals),
        ("matcap", View::Matcap),
        ("counts", View::Counts),
    ];
}

/// Memory for media where the file does not say, in megabytes.
pub(crate) fn default_memory_mb() -> u64 {
    256
}

/// The keys of every object that is about panels.
pub(super) mod keys {
    pub const GATE: &[&str] = &["played", "visible_ms", "loaded"];
    pub const AUDIO: &[&str] = &["crossfade_ms", "match_loudness", "volume_check"];
    pub const VIDEO: &[&str] = &["one_at_a_time"];
    pub const SCENE: &[&str] = &["views"];
}

const MEMORY_MB: (u64, u64) = (1, 16_384);
const MOST_VISIBLE_MS: u64 = 3_600_000;
const MOST_CROSSFADE_MS: u64 = 2_000;

pub(super) fn read_gate(r: &mut Reader, top: Object<'_>) -> Option<Gate> {
    let Some(value) = top.get("gate") else { return Some(Gate::default()) };
    let gate = r.strict_object("gate", value, "a gate {played, visible_ms, loaded}", keys::GATE)?;
    let played = gate.get("played").map(|value| read_part(r, "gate.played", value));
    let visible_ms = gate.get("visible_ms").map(|value| r.whole("gate.visible_ms", value, 0, MOST_VISIBLE_MS));
    let loaded = r.flag(gate, "gate", "loaded", false);
    Some(Gate { played: optional(played)?, visible_ms: optional(visible_ms)?, loaded: loaded? })
}

pub(super) fn read_audio(r: &mut Reader, top: Object<'_>) -> Option<AudioPanels> {
    let default = AudioPanels::default();
    let Some(value) = top.get("audio") else { return Some(default) };
    let audio = r.strict_object("audio", value, "{crossfade_ms, match_loudness, volume_check}", keys::AUDIO)?;
    let crossfade_ms = audio.get("crossfade_ms").map(|value| r.whole("audio.crossfade_ms", value, 0, MOST_CROSSFADE_MS));
    let match_loudness = r.flag(audio, "audio", "match_loudness", default.match_loudness);
    let volume_check = r.flag(audio, "audio", "volume_check", default.volume_check);
    Some(AudioPanels {
        crossfade_ms: optional(crossfade_ms)?.unwrap_or(default.crossfade_ms),
        match_loudness: match_loudness?,
        volume_check: volume_check?,
    })
}

pub(super) fn read_video(r: &mut Reader, top: Object<'_>) -> Option<VideoPanels> {
    let Some(value) = top.get("video") else { return Some(VideoPanels::default()) };
    let video = r.strict_object("video", value, "{one_at_a_time}", keys::VIDEO)?;
    Some(VideoPanels { one_at_a_time: r.flag(video, "video", "one_at_a_time", false)? })
}

pub(super) fn read_scene(r: &mut Reader, top: Object<'_>) -> Option<ScenePanels> {
    let Some(value) = top.get("scene") else { return Some(ScenePanels::default()) };
    let scene = r.strict_object("scene", value, "{views}", keys::SCENE)?;
    let Some(value) = scene.get("views") else { return Some(ScenePanels::default()) };
    let expected = "a list of at least one view, each once";
    let entries = r.list("scene.views", value, expected)?;
    let mut views = Vec::new();
    for (n, value) in entries.iter().enumerate() {
        let place = index("scene.views", n);
        match r.choice(&place, value, &View::WORDS) {
            Some(view) if views.contains(&view) => r.note(&place, format!("{} again", value.describe()), expected),
            Some(view) => views.push(view),
            None => {}
        }
    }
    if entries.is_empty() {
        return r.unexpected("scene.views", value, expected);
    }
    (views.len() == entries.len()).then_some(ScenePanels { views })
}

pub(super) fn read_memory_mb(r: &mut Reader, top: Object<'_>) -> Option<u64> {
    top.get("memory_mb").map_or(Some(default_memory_mb()), |value| r.whole("memory_mb", value, MEMORY_MB.0, MEMORY_MB.1))
}

fn read_part(r: &mut Reader, place: &str, value: &Json) -> Option<f64> {
    match value {
        Json::Number(number) => number.as_f64().filter(|part| (0.0..=1.0).contains(part)),
        _ => None,
    }
    .or_else(|| r.unexpected(place, value, "a number from 0 to 1"))
}
