//! What lies between a rater and a back end on a bad day: a proxy that fails in every way, by a seed.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use k_sort::matchmaking::Draws;
use serde_json::Value;

/// A page such as a hotel's network puts in place of any answer.
const PAGE: &str = "<!doctype html><title>Welcome</title><p>Please log in.</p>";

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Pass,
    /// It is late by some milliseconds.
    Delay,
    /// Nobody listens.
    Refuse,
    /// It arrives; the answer does not.
    Silence,
    /// It arrives; the answer ends in the middle.
    Cut,
    /// It does not arrive; the answer has this status, and perhaps `Retry-After`.
    Status(u16, bool),
    /// It arrives, but the answer says that the server failed.
    Liar,
    /// It arrives; the answer is not HTTP.
    Noise,
    /// It does not arrive; the answer is a page with status 200.
    Portal,
    /// It arrives; the answer tells of half of the votes only.
    Half,
}

/// One of two requests passes.
const FATES: [Fate; 12] = [
    Fate::Delay,
    Fate::Refuse,
    Fate::Silence,
    Fate::Cut,
    Fate::Status(429, true),
    Fate::Status(429, false),
    Fate::Status(500, false),
    Fate::Status(503, true),
    Fate::Liar,
    Fate::Noise,
    Fate::Portal,
    Fate::Half,
];

/// A proxy in front of `origin`, for as long as the process lives; gives back its own origin.
pub fn start(origin: &str, seed: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let draws = Arc::new(Mutex::new(Draws::new(&[b"proxy", seed.as_bytes()])));
    let (origin, own) = (origin.to_owned(), address.clone());
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (origin, own, draws) = (origin.clone(), own.clone(), draws.clone());
            thread::spawn(move || serve(stream, &origin, &own, &draws));
        }
    });
    address
}

struct Message {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// Requests of one connection, until it ends or a fate ends it.
fn serve(stream: TcpStream, origin: &str, own: &str, draws: &Mutex<Draws>) {
    let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0).max_redirects_will_error(false);
    let agent = ureq::Agent::new_with_config(config.build());
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut writer = stream;
    _ = writer.set_nodelay(true);
    while let Some(message) = read(&mut reader) {
        let fate = draw(&mut draws.lock().unwrap());
        let goes_on = match fate {
            Fate::Refuse => None,
            Fate::Status(status, waits) => Some(answer(status, if waits { "Retry-After: 2\r\n" } else { "" }, b"busy")),
            Fate::Portal => Some(answer(200, "Content-Type: text/html\r\n", PAGE.as_bytes())),
            _ => {
                if fate == Fate::Delay {
                    thread::sleep(Duration::from_millis(3));
                }
                forward(&agent, origin, &message).and_then(|(status, headers, body)| match fate {
                    Fate::Silence => None,
                    Fate::Liar => Some(answer(500, "", b"failed")),
                    Fate::Noise => Some(b"\x00\xffgarbage\r\n\r\n".to_vec()),
                    Fate::Half => Some(answer(status, &headers.replace(origin, own), &half(&body))),
                    // A redirect leads through here too.
                    _ => Some(answer(status, &headers.replace(origin, own), &body)),
                })
            }
        };
        let sent = goes_on.is_some_and(|mut bytes| {
            let is_cut = matches!(fate, Fate::Cut | Fate::Noise);
            if fate == Fate::Cut {
                bytes.truncate(bytes.len() - bytes.len() / 3 - 1);
            }
            writer.write_all(&bytes).is_ok() && !is_cut
        });
        if !sent {
            break;
        }
    }
    _ = writer.shutdown(Shutdown::Both);
}

fn draw(draws: &mut Draws) -> Fate {
    FATES.get(draws.below(2 * FATES.len())).copied().unwrap_or(Fate::Pass)
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Message> {
    let mut line = || {
        let mut line = String::new();
        (reader.read_line(&mut line).ok()? > 0).then(|| line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = line()?;
        match line.split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").and_then(|(_, value)| value.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some(Message { method, target, headers, body })
}

fn forward(agent: &ureq::Agent, origin: &str, message: &Message) -> Option<(u16, String, Vec<u8>)> {
    let mut request = ureq::http::Request::builder().method(message.method.as_str()).uri(format!("{origin}{}", message.target));
    for (name, value) in message.headers.iter().filter(|(name, _)| !["host", "connection", "content-length"].contains(&&**name)) {
        request = request.header(name, value);
    }
    let mut answer = agent.run(request.body(message.body.as_slice()).unwrap()).ok()?;
    let kept = ["content-type", "location", "retry-after", "x-next-cursor"];
    let headers =
        kept.iter().filter_map(|name| Some(format!("{name}: {}\r\n", answer.headers().get(*name)?.to_str().ok()?))).collect();
    let status = answer.status().as_u16();
    Some((status, headers, answer.body_mut().read_to_vec().ok()?))
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    [format!("HTTP/1.1 {status} Whatever\r\n{length}{headers}\r\n").as_bytes(), body].concat()
}

/// The first half of every list in a JSON receipt; of anything else the first half.
fn half(body: &[u8]) -> Vec<u8> {
    let first = |list: &mut Vec<Value>| list.truncate(list.len() / 2);
    match serde_json::from_slice(body) {
        Ok(Value::Array(mut list)) => {
            first(&mut list);
            Value::from(list).to_string().into_bytes()
        }
        Ok(Value::Object(mut map)) => {
            map.values_mut().filter_map(Value::as_array_mut).for_each(first);
            Value::from(map).to_string().into_bytes()
        }
        _ => body[..body.len() / 2].to_vec(),
    }
}
