use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use super::page::{PICTURE, Page, study, until};

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[wasm_bindgen_test]
async fn a_broken_picture_says_so_and_can_be_tried_again() {
    let page = Page::show(&study("broken", &quoted("data:image/png,nonsense"), &quoted(PICTURE)), "r");
    let says = |what: &'static str| {
        let page = &page;
        until(what, move || {
            let failed = page.host.query_selector_all(".failed").unwrap();
            (0..failed.length()).filter_map(|n| failed.get(n)).find(|one| one.text_content().unwrap().contains(what))
        })
    };
    let failed = says("no picture that this browser can show").await;
    failed
        .dyn_ref::<web_sys::Element>()
        .unwrap()
        .query_selector("button")
        .unwrap()
        .unwrap()
        .unchecked_into::<HtmlElement>()
        .click();
    until("another failure", || (!failed.is_connected()).then_some(())).await;
    says("no picture that this browser can show").await;
}

#[wasm_bindgen_test]
async fn what_shows_media_may_be_out_of_reach() {
    let page = Page::show(&study("unreached", &quoted(PICTURE), &quoted(PICTURE)), "r");
    let failed = page.find(".failed").await;
    assert!(failed.text_content().unwrap().contains("no panels here"));
    assert!(!page.host.inner_html().contains("data:image"));
}

#[wasm_bindgen_test]
async fn unmounting_leaves_nothing_on_the_page() {
    let mut page = Page::show(&study("gone", &quoted(PICTURE), &quoted(PICTURE)), "r");
    page.find(".failed").await;
    page.unmount();
    assert_eq!(page.count("*"), 1, "only the place is left: {}", page.host.inner_html());
}
