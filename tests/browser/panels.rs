use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlImageElement};

use super::page::{PICTURE, Page, study, until};

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

#[wasm_bindgen_test]
async fn pictures_are_shown_through_urls_that_tell_nothing() {
    let page = Page::show(&study("pictures", &quoted(PICTURE), &quoted(&PICTURE.replace("8", "9"))), "r");
    page.find("[aria-label='Option B'] img").await;
    until("two pictures", || (page.count("img") == 2).then_some(())).await;
    let picture: HtmlImageElement = page.find("img").await.unchecked_into();
    assert!(picture.src().starts_with("blob:"), "{}", picture.src());
    assert!(picture.complete() && picture.natural_height() == 6);
    let html = page.host.inner_html();
    assert!(!html.contains("model-") && !html.contains("data:image"), "{html}");
}

#[wasm_bindgen_test]
async fn a_broken_picture_says_so_and_leaves_the_others_alone() {
    let page = Page::show(&study("broken", &quoted("data:image/png,nonsense"), &quoted(PICTURE)), "r");
    let failed = page.find(".failed").await;
    assert!(failed.text_content().unwrap().contains("no picture that this browser can show"));
    page.find("img").await;
    page.find(".failed button").await.unchecked_into::<HtmlElement>().click();
    until("the second failure", || {
        page.host.query_selector(".failed").unwrap().filter(|again| !again.is_same_node(Some(&failed)))
    })
    .await;
}

#[wasm_bindgen_test]
async fn text_is_shown_as_text() {
    let hostile = "data:text/plain,%3Cimg src=x onerror=alert(1)%3E";
    let page = Page::show(&study("texts", &quoted(hostile), &quoted("data:text/plain,two")), "r");
    until("the words", || page.host.text_content().filter(|text| text.contains("<img src=x onerror=alert(1)>"))).await;
    assert_eq!(page.count(".text img"), 0);
}

#[wasm_bindgen_test]
async fn a_web_page_runs_in_an_origin_of_its_own() {
    let page = Page::show(&study("pages", &quoted("data:text/html,one"), &quoted("data:text/html,two")), "r");
    let frame = page.find("iframe").await;
    assert_eq!(frame.get_attribute("sandbox").as_deref(), Some("allow-scripts"));
}

#[wasm_bindgen_test]
async fn a_player_says_what_it_cannot_play() {
    let odd = r#"{"src":"data:audio/ogg,nonsense","kind":"audio"}"#;
    let page = Page::show(&study("sounds", odd, odd), "r");
    let failed = page.find(".failed").await;
    assert!(failed.text_content().unwrap().contains("cannot play"), "{:?}", failed.text_content());
}

#[wasm_bindgen_test]
async fn a_scene_that_cannot_be_loaded_says_why() {
    let scene = r#"{"src":"data:model/gltf-binary,x"}"#;
    let page = Page::show(&study("scenes", scene, scene), "r");
    let failed = page.find(".failed").await;
    assert!(failed.text_content().unwrap().contains("no scenes here"));
}

#[wasm_bindgen_test]
async fn unmounting_leaves_nothing_on_the_page() {
    let mut page = Page::show(&study("gone", &quoted(PICTURE), &quoted(PICTURE)), "r");
    page.find("img").await;
    page.unmount();
    assert_eq!(page.count("*"), 1, "only the place is left: {}", page.host.inner_html());
}
