//! The attacks, one a file.

mod bodies;
mod clock;
mod corrupt;
mod drip;
mod files;
mod gone;
mod hosts;
mod idle;
mod lists;
mod models;
mod nesting;
mod pipe;
mod rankings;
mod rate;
mod stop;
mod study;
mod unread;

use crate::scene::{Doing, Scene};

/// What is done to a server, and what it has to keep to besides answering.
pub struct Attack {
    /// By which the command line knows it.
    pub name: &'static str,
    /// At most 25 characters.
    pub about: &'static str,
    /// Options of the server.
    pub options: &'static [&'static str],
    /// How many models and items the study has.
    pub size: (usize, usize),
    /// Whether it concerns PostgreSQL as well as SQLite.
    pub on_postgres: bool,
    /// Whether raters' votes have to be taken meanwhile.
    pub votes_must_pass: bool,
    pub kept: Kept,
    /// Before raters come.
    pub prepare: for<'a> fn(&'a mut Scene<'_>) -> Doing<'a>,
    /// While raters come.
    pub act: for<'a> fn(&'a mut Scene<'_>) -> Doing<'a>,
    /// Once raters and attackers have gone.
    pub finish: for<'a> fn(&'a mut Scene<'_>) -> Doing<'a>,
}

/// Which votes have to be in the database at the end.
pub enum Kept {
    /// Whatever was acknowledged.
    All,
    /// The attack itself looks.
    NotAsked,
}

/// A small study, votes that pass, and nothing done.
const PLAIN: Attack = Attack {
    name: "",
    about: "",
    options: &[],
    size: (4, 1),
    on_postgres: false,
    votes_must_pass: true,
    kept: Kept::All,
    prepare: nothing,
    act: nothing,
    finish: nothing,
};

fn nothing<'a>(_: &'a mut Scene<'_>) -> Doing<'a> {
    Box::pin(async { Ok(()) })
}

/// All of them, in the order of the table.
pub const ALL: &[Attack] = &[
    rankings::SENT,
    rankings::STORED,
    models::ATTACK,
    files::ATTACK,
    pipe::ATTACK,
    bodies::ATTACK,
    drip::ATTACK,
    unread::ATTACK,
    idle::ATTACK,
    study::LARGE,
    study::MANY,
    lists::ATTACK,
    nesting::ATTACK,
    rate::ATTACK,
    gone::DELETED,
    gone::REPLACED,
    hosts::ATTACK,
    corrupt::ATTACK,
    clock::ATTACK,
    stop::ATTACK,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_used_once_and_fit_the_table() {
        for (n, attack) in ALL.iter().enumerate() {
            assert!(ALL[..n].iter().all(|other| other.name != attack.name), "{}", attack.name);
            assert!(format!("{} {}", attack.name, attack.about).chars().count() <= 30, "{}", attack.about);
        }
    }
}
