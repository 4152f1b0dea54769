use std::cell::RefCell;

use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CssStyleSheet, RequestInit, Response, ShadowRoot, Window};

use super::reason;

thread_local! {
    /// Style sheets that are loaded, by URL.
    static SHEETS: RefCell<Vec<(String, CssStyleSheet)>> = const { RefCell::new(Vec::new()) };
}

/// Adds a style sheet, which is loaded once, to those of an element. The fragment of its URL says, in a published widget, what
/// the file must be.
///
/// # Errors
/// Why the file cannot be had.
async fn add_styles(root: &ShadowRoot, url: &str) -> Result<(), String> {
    let known = SHEETS.with_borrow(|sheets| sheets.iter().find(|(known, _)| known == url).map(|(_, sheet)| sheet.clone()));
    let sheet = match known {
        Some(sheet) => sheet,
        None => {
            let sheet = load(url).await?;
            SHEETS.with_borrow_mut(|sheets| sheets.push((url.to_owned(), sheet.clone())));
            sheet
        }
    };
    let sheets: Array = root.adopted_style_sheets();
    if !sheets.includes(&sheet, 0) {
        // The browser's own list is taken anew as a whole.
        root.set_adopted_style_sheets(&sheets.concat(&Array::of1(&sheet)));
    }
    Ok(())
}

async fn load(url: &str) -> Result<CssStyleSheet, String> {
    let (address, integrity) = url.split_once('#').unwrap_or((url, ""));
    let name = address.rsplit('/').next().unwrap_or_default();
    let named = |error: JsValue| format!("{name}: {}", reason(&error));
    let init = RequestInit::new();
    init.set_integrity(integrity);
    let window: Window = js_sys::global().unchecked_into();
    let response: Response = JsFuture::from(window.fetch_with_str_and_init(url, &init)).await.map_err(named)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{name}: the server answered {}", response.status()));
    }
    let text = JsFuture::from(response.text().map_err(named)?).await.map_err(named)?;
    let sheet = CssStyleSheet::new().map_err(named)?;
    JsFuture::from(sheet.replace(&text.as_string().unwrap_or_default())).await.map_err(named)?;
    Ok(sheet)
}

/// The URLs of style sheets that the page's script names: `www/styles.js`.
#[derive(Debug, Clone)]
pub struct Styles(JsValue);

impl Styles {
    /// Style sheets by name, an object of URLs.
    pub fn new(urls: JsValue) -> Self {
        Styles(urls)
    }

    /// Adds style sheets to those of an element.
    ///
    /// # Errors
    /// Why one of them cannot be had.
    pub async fn add(&self, root: &ShadowRoot, names: &[&str]) -> Result<(), String> {
        for name in names {
            let url = Reflect::get(&self.0, &(*name).into()).ok().and_then(|url| url.as_string());
            add_styles(root, &url.ok_or_else(|| format!("there is no style sheet called {name}"))?).await?;
        }
        Ok(())
    }
}
