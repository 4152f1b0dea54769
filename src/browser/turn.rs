use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Lets the page have its turn in the middle of long work. A timer would wait for longer.
pub async fn page_turn() {
    let Ok(channel) = MessageChannel::new() else { return };
    let port = channel.port1();
    let turn = Promise::new(&mut |resolve, _| port.set_onmessage(Some(&resolve)));
    if channel.port2().post_message(&JsValue::UNDEFINED).is_ok() {
        // This promise never rejects.
        _ = JsFuture::from(turn).await;
    }
    port.close();
}
