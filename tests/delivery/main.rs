//! Votes on their way to every kind of back end, through a network that fails in every way: none is lost, none is there twice, each
//! is what was sent, and those of a session arrive in their order.
//!
//! The servers are real where they can be had: `ksort serve`, PouchDB's server of CouchDB's protocol, Kinto, WsgiDAV, and
//! PostgreSQL under a stand-in for PostgREST. Firebase, Apps Script and DataPipe are stand-ins, written from their makers'
//! documentation.
#![cfg(unix)]
#![allow(clippy::panic, clippy::unwrap_used, clippy::expect_used)]

mod browser;
mod couchdb;
mod counting;
mod proxy;
mod servers;
mod storm;
mod votes;

#[path = "../support/postgres.rs"]
mod postgres;

mod apps_script;
mod datapipe;
mod firebase;
mod kinto;
mod ksort_serve;
mod postgrest;
mod webdav;
