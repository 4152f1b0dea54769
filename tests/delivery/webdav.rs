//! WsgiDAV, a WebDAV server.

use std::fs;

use k_sort::study::BackEnd;
use k_sort::vote::Vote;

use crate::servers::Server;
use crate::storm::{assert_order, assert_same, count, deliver_all, no_headers};

#[test]
fn every_vote_reaches_a_webdav_folder_once() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("votes")).unwrap();
    let server = Server::python("webdav_server.py", &[folder.path().as_os_str()]);
    let back_end = BackEnd::Webdav { url: String::new(), headers: no_headers() };
    let sent = deliver_all("webdav", &back_end, &server.origin, "/votes/", count(false));

    let mut files: Vec<_> = fs::read_dir(folder.path().join("votes")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort_by_key(|file| fs::metadata(file).unwrap().modified().unwrap());
    let stored: Vec<Vote> = files.iter().map(|file| Vote::read(&fs::read_to_string(file).unwrap()).unwrap()).collect();
    assert_same(&sent, &stored);
    assert_order(&stored);
}
