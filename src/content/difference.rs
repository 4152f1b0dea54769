use imara_diff::{Algorithm, Diff, InternedInput};
use unicode_segmentation::UnicodeSegmentation;

/// Whose a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Both texts have it, at this place.
    Both,
    /// Only the first has it.
    First,
    /// Only the second has it.
    Second,
}

/// Bytes of both texts above which lines are compared, not words, which would leave a page with too many pieces.
const WORDS: usize = 400_000;

/// Two texts as one: pieces that both have, and those that one has where the other has other words or none. Words are those of
/// Unicode's Standard Annex 29. What only the first has comes before what only the second has in its place.
pub fn difference(first: &str, second: &str) -> Vec<(Whose, String)> {
    let input = if first.len() + second.len() <= WORDS { words(first, second) } else { lines(first, second) };
    let text = |side: &[imara_diff::Token], from: u32, to: u32| -> String {
        side[from as usize..to as usize].iter().map(|&token| input.interner[token]).collect()
    };
    // This algorithm gives up looking for the shortest answer where that would take long.
    let diff = Diff::compute(Algorithm::Histogram, &input);
    let mut pieces = Pieces::default();
    let mut done = 0;
    for hunk in diff.hunks() {
        pieces.same(text(&input.before, done, hunk.before.start));
        pieces.change(
            text(&input.before, hunk.before.start, hunk.before.end),
            text(&input.after, hunk.after.start, hunk.after.end),
        );
        done = hunk.before.end;
    }
    pieces.same(text(&input.before, done, input.before.len() as u32));
    pieces.finish()
}

fn words<'a>(first: &'a str, second: &'a str) -> InternedInput<&'a str> {
    let mut input = InternedInput::default();
    input.update_before(first.split_word_bounds());
    input.update_after(second.split_word_bounds());
    input
}

fn lines<'a>(first: &'a str, second: &'a str) -> InternedInput<&'a str> {
    let mut input = InternedInput::default();
    input.update_before(first.split_inclusive('\n'));
    input.update_after(second.split_inclusive('\n'));
    input
}

/// Gathers pieces, and makes one change of those that only a space keeps apart.
#[derive(Default)]
struct Pieces {
    done: Vec<(Whose, String)>,
    first: String,
    second: String,
    space: String,
}

impl Pieces {
    fn same(&mut self, text: String) {
        let changed = !(self.first.is_empty() && self.second.is_empty());
        if changed && !text.is_empty() && text.chars().all(|letter| letter.is_whitespace() && letter != '\n') {
            self.space = text;
            return;
        }
        self.push_change();
        if !text.is_empty() {
            self.done.push((Whose::Both, text));
        }
    }

    fn change(&mut self, first: String, second: String) {
        let space = std::mem::take(&mut self.space);
        self.first += &space;
        self.second += &space;
        self.first += &first;
        self.second += &second;
    }

    fn push_change(&mut self) {
        for (whose, text) in [(Whose::First, std::mem::take(&mut self.first)), (Whose::Second, std::mem::take(&mut self.second))]
        {
            if !text.is_empty() {
                self.done.push((whose, text));
            }
        }
    }

    fn finish(mut self) -> Vec<(Whose, String)> {
        self.push_change();
        if !self.space.is_empty() {
            self.done.push((Whose::Both, self.space));
        }
        self.done
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use Whose::{Both, First, Second};

    fn found(first: &str, second: &str) -> Vec<(Whose, String)> {
        difference(first, second)
    }

    fn expected(pieces: &[(Whose, &str)]) -> Vec<(Whose, String)> {
        pieces.iter().map(|&(whose, text)| (whose, text.to_owned())).collect()
    }

    #[test]
    fn whole_words_change() {
        assert_eq!(
            found("the red fox jumps", "the grey fox jumped high"),
            expected(&[
                (Both, "the "),
                (First, "red"),
                (Second, "grey"),
                (Both, " fox "),
                (First, "jumps"),
                (Second, "jumped high")
            ])
        );
    }

    #[test]
    fn words_apart_by_a_space_change_together() {
        assert_eq!(found("a b c d.", "a x y d."), expected(&[(Both, "a "), (First, "b c"), (Second, "x y"), (Both, " d.")]));
    }

    #[test]
    fn equal_texts_and_empty_ones_do_not_differ() {
        assert_eq!(found("same", "same"), expected(&[(Both, "same")]));
        assert_eq!(found("", ""), []);
        assert_eq!(found("", "new"), expected(&[(Second, "new")]));
        assert_eq!(found("old", ""), expected(&[(First, "old")]));
    }

    #[test]
    fn signs_of_scripts_without_spaces_change_one_by_one_and_composed_letters_whole() {
        assert_eq!(found("日本語", "日本人"), expected(&[(Both, "日本"), (First, "語"), (Second, "人")]));
        assert_eq!(found("cafe\u{301}", "cafe"), expected(&[(First, "cafe\u{301}"), (Second, "cafe")]));
    }

    #[test]
    fn long_texts_are_compared_by_lines() {
        let line = |n: usize| format!("line {n} of a long text\n");
        let first: String = (0..40_000).map(line).collect();
        let second = first.replacen("line 7 of", "line seven of", 1);
        let pieces = difference(&first, &second);
        assert_eq!(pieces[1..3], expected(&[(First, "line 7 of a long text\n"), (Second, "line seven of a long text\n")]));
        assert_eq!(pieces.len(), 4);
    }

    fn joined(pieces: &[(Whose, String)], other: Whose) -> String {
        pieces.iter().filter(|(whose, _)| *whose != other).map(|(_, text)| text.as_str()).collect()
    }

    proptest! {
        #[test]
        fn both_texts_are_in_it(
            first in prop_oneof!["[ab \n]{0,60}", "\\PC{0,40}"],
            second in prop_oneof!["[ab \n]{0,60}", "\\PC{0,40}"],
        ) {
            let pieces = difference(&first, &second);
            prop_assert_eq!(joined(&pieces, Second), first);
            prop_assert_eq!(joined(&pieces, First), second);
            prop_assert!(pieces.iter().all(|(_, text)| !text.is_empty()));
            prop_assert!(pieces.windows(2).all(|two| two[0].0 != two[1].0));
        }
    }
}
