//! What goes to a back end at once.

use super::{Request, fitting};
use crate::study::BackEnd;
use crate::vote::Vote;

/// A request with the ids of its votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// What to send; nothing where there is no vote to send.
    pub request: Option<Request>,
    /// Ids of the votes in it.
    pub ids: Vec<String>,
    /// Ids of votes that there is no record of.
    pub lost: Vec<String>,
}

impl BackEnd {
    /// As many of the votes of these ids as go into one request, of which these are the records. `url` is the back end's URL, resolved
    /// against the study file's.
    pub fn parcel(&self, url: &str, ids: &[String], records: &[Vote]) -> Parcel {
        let (mut votes, mut lost) = (Vec::new(), Vec::new());
        for id in ids {
            match records.iter().find(|vote| vote.id.as_ref() == Some(id)) {
                Some(vote) => votes.push(vote),
                None => lost.push(id.clone()),
            }
        }
        votes.truncate(fitting(&votes).min(self.limit()));
        let request = (!votes.is_empty()).then(|| self.request(url, &votes));
        Parcel { request, ids: votes.iter().filter_map(|vote| vote.id.clone()).collect(), lost }
    }
}

#[cfg(test)]
mod tests {
    use super::super::request::tests::vote;
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|&id| id.to_owned()).collect()
    }

    #[test]
    fn a_parcel_has_the_votes_in_the_order_of_their_ids_and_says_which_are_lost() {
        let parcel = BackEnd::Jatos {}.parcel("", &ids(&["b", "gone", "a"]), &[vote("a"), vote("b"), vote("c")]);
        assert_eq!((parcel.ids, parcel.lost), (ids(&["b", "a"]), ids(&["gone"])));
        assert_eq!(parcel.request, Some(BackEnd::Jatos {}.request("", &[&vote("b"), &vote("a")])));
    }

    #[test]
    fn a_parcel_of_nothing_is_no_request() {
        let parcel = BackEnd::Jatos {}.parcel("", &ids(&["gone"]), &[]);
        assert_eq!((parcel.request, parcel.ids, parcel.lost), (None, Vec::new(), ids(&["gone"])));
    }

    #[test]
    fn what_does_not_fit_is_left_for_the_next_one() {
        let mut large = vote("a");
        large.comment = Some("x".repeat(200 * 1024));
        let votes = [large.clone(), Vote { id: Some("b".into()), ..large }, vote("c")];
        assert_eq!(BackEnd::Jatos {}.parcel("", &ids(&["a", "b", "c"]), &votes).ids, ids(&["a"]));
    }
}
