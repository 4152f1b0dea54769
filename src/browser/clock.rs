use crate::matchmaking::Draws;
use crate::vote::Client;

/// Milliseconds since 1970, UTC.
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// Milliseconds since the page was opened; never runs backwards.
pub fn performance_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// 16 bytes that nobody can guess.
pub fn entropy() -> [u8; 16] {
    let mut bytes = [0; 16];
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    if crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes).ok()).is_none() {
        // Ids still differ where the browser has no generator to offer.
        bytes[..8].copy_from_slice(&js_sys::Math::random().to_le_bytes());
        bytes[8..].copy_from_slice(&performance_ms().to_le_bytes());
    }
    bytes
}

/// An id for a rater or a session that has none.
pub fn random_id() -> String {
    let bytes = Draws::new(&[&entropy()]).bytes();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// What this rater uses.
pub fn client() -> Option<Client> {
    let window = web_sys::window()?;
    let side = |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0) as u32;
    Some(Client {
        app: Some(env!("CARGO_PKG_VERSION").to_owned()),
        viewport: Some([side(window.inner_width()), side(window.inner_height())]),
        // Rounded, so that it is read again as it was written, to the last digit.
        dpr: Some((window.device_pixel_ratio() * 1_000.0).round() / 1_000.0),
        ..Client::default()
    })
}

/// Whether the page can be seen.
pub fn page_is_visible() -> bool {
    web_sys::window().and_then(|window| window.document()).is_none_or(|document| !document.hidden())
}
