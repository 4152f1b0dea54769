use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd};

/// What a page of Markdown is built of, in order: an element or a text, each a child of the element that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// An element begins.
    Open {
        /// Its name in HTML.
        tag: &'static str,
        /// Its only attribute.
        attribute: Option<(&'static str, String)>,
    },
    /// Text, which is no markup whatever it holds.
    Text(String),
    /// The element ends.
    Close,
}

/// How deep elements are nested; what is deeper is shown without its own.
const DEPTH: usize = 40;
/// How many pieces there are; a small table can ask for a cell in a million places.
const PIECES: usize = 200_000;

/// A text in CommonMark, with tables and strikethrough, and whether it is all of it: there is an end to how much is shown.
///
/// No input gives anything but the few elements named here. Raw HTML is shown as it is written, links lead to other pages and to
/// mail only, pictures are never loaded: their descriptions are shown. Headings begin at the level `outermost` of the page and
/// skip none; `data-level` tells which they had.
pub fn markdown(text: &str, outermost: u8) -> (Vec<Piece>, bool) {
    let mut page = Page {
        outermost,
        pieces: Vec::new(),
        open: Vec::new(),
        depth: 0,
        headings: Vec::new(),
        columns: Vec::new(),
        cell: 0,
        in_head: false,
    };
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        if page.pieces.len() >= PIECES {
            page.open.drain(..).rev().for_each(|closes| page.pieces.extend(vec![Piece::Close; closes]));
            return (page.pieces, false);
        }
        page.take(event);
    }
    (page.pieces, true)
}

struct Page {
    outermost: u8,
    pieces: Vec<Piece>,
    /// How many elements each open tag of the source has opened.
    open: Vec<usize>,
    depth: usize,
    /// The levels of the headings that the present one is below.
    headings: Vec<HeadingLevel>,
    /// How the columns of the present table are aligned, and where in its row the next cell is.
    columns: Vec<Alignment>,
    cell: usize,
    in_head: bool,
}

impl Page {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(text),
            Event::Code(text) => {
                self.pieces.push(element("code"));
                self.text(text);
                self.pieces.push(Piece::Close);
            }
            Event::SoftBreak => self.text("\n".into()),
            Event::HardBreak => self.pieces.extend([element("br"), Piece::Close]),
            Event::Rule => self.pieces.extend([element("hr"), Piece::Close]),
            // What the options above leave out.
            Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let opened = match tag {
            Tag::Paragraph => vec![element("p")],
            Tag::Heading { level, .. } => vec![self.heading(level)],
            Tag::BlockQuote(_) => vec![element("blockquote")],
            Tag::CodeBlock(CodeBlockKind::Indented | CodeBlockKind::Fenced(_)) => vec![element("pre"), element("code")],
            Tag::HtmlBlock => vec![element("pre")],
            Tag::List(None) => vec![element("ul")],
            Tag::List(Some(start)) => vec![with("ol", "start", start.to_string())],
            Tag::Item => vec![element("li")],
            Tag::Table(columns) => {
                self.columns = columns;
                vec![with("div", "class", "wide".into()), element("table")]
            }
            Tag::TableHead => {
                (self.in_head, self.cell) = (true, 0);
                vec![element("thead"), element("tr")]
            }
            Tag::TableRow => {
                self.cell = 0;
                vec![element("tr")]
            }
            Tag::TableCell => vec![self.table_cell()],
            Tag::Emphasis => vec![element("em")],
            Tag::Strong => vec![element("strong")],
            Tag::Strikethrough => vec![element("s")],
            Tag::Link { link_type, dest_url, .. } => {
                address(link_type, &dest_url).map(|href| with("a", "href", href)).into_iter().collect()
            }
            Tag::Image { .. } => vec![with("span", "class", "alternative".into())],
            _ => vec![],
        };
        let opened = if self.depth + opened.len() > DEPTH { vec![] } else { opened };
        self.depth += opened.len();
        self.open.push(opened.len());
        self.pieces.extend(opened);
    }

    fn end(&mut self, tag: TagEnd) {
        let closes = self.open.pop().unwrap_or_default();
        self.depth -= closes;
        self.pieces.extend(vec![Piece::Close; closes]);
        if tag == TagEnd::TableHead {
            self.in_head = false;
            if let Some(table) = self.open.last_mut().filter(|_| closes > 0) {
                *table += 1;
                self.depth += 1;
                self.pieces.push(element("tbody"));
            }
        }
    }

    fn text(&mut self, text: CowStr<'_>) {
        self.pieces.push(Piece::Text(text.into_string()));
    }

    fn heading(&mut self, level: HeadingLevel) -> Piece {
        self.headings.retain(|above| *above < level);
        let below = self.headings.len();
        self.headings.push(level);
        let tag = match usize::from(self.outermost) + below {
            ..=3 => "h3",
            4 => "h4",
            5 => "h5",
            _ => "h6",
        };
        with(tag, "data-level", (level as usize).to_string())
    }

    fn table_cell(&mut self) -> Piece {
        let tag = if self.in_head { "th" } else { "td" };
        let alignment = self.columns.get(self.cell).copied().unwrap_or(Alignment::None);
        self.cell += 1;
        match alignment {
            Alignment::None => element(tag),
            Alignment::Left => with(tag, "align", "left".into()),
            Alignment::Center => with(tag, "align", "center".into()),
            Alignment::Right => with(tag, "align", "right".into()),
        }
    }
}

/// Where a link leads, if a page may lead there.
fn address(kind: LinkType, target: &str) -> Option<String> {
    if kind == LinkType::Email {
        return Some(format!("mailto:{target}"));
    }
    let leads = |scheme: &str| target.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    ["https://", "http://", "mailto:"].into_iter().any(leads).then(|| target.to_owned())
}

fn element(tag: &'static str) -> Piece {
    Piece::Open { tag, attribute: None }
}

fn with(tag: &'static str, name: &'static str, value: String) -> Piece {
    Piece::Open { tag, attribute: Some((name, value)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The pieces as HTML, to be read by people.
    fn html(text: &str) -> String {
        let mut open = Vec::new();
        let mut html = String::new();
        for piece in markdown(text, 4).0 {
            match piece {
                Piece::Open { tag, attribute } => {
                    open.push(tag);
                    html += &attribute.map_or(format!("<{tag}>"), |(name, value)| format!("<{tag} {name}={value}>"));
                }
                Piece::Text(text) => html += &text.replace('<', "&lt;"),
                Piece::Close => html += &format!("</{}>", open.pop().unwrap()),
            }
        }
        assert_eq!(open, Vec::<&str>::new());
        html
    }

    #[test]
    fn a_document_becomes_elements() {
        for (source, expected) in [
            ("One\n*two*  \nthree", "<p>One\n<em>two</em><br></br>three</p>"),
            ("- **a**\n- `b`", "<ul><li><strong>a</strong></li><li><code>b</code></li></ul>"),
            ("7. a\n\n> b\n\n***", "<ol start=7><li>a</li></ol><blockquote><p>b</p></blockquote><hr></hr>"),
            ("```rust\nlet a = 1 < 2;\n```", "<pre><code>let a = 1 &lt; 2;\n</code></pre>"),
            ("~~gone~~ &amp; &lt;b&gt;", "<p><s>gone</s> & &lt;b></p>"),
            (
                "| a | b |\n|--:|---|\n| 1 | 2 |",
                "<div class=wide><table><thead><tr><th align=right>a</th><th>b</th></tr></thead>\
                 <tbody><tr><td align=right>1</td><td>2</td></tr></tbody></table></div>",
            ),
        ] {
            assert_eq!(html(source), expected);
        }
    }

    #[test]
    fn headings_begin_where_the_page_says_and_skip_no_level() {
        assert_eq!(
            html("### a\n# b\n### c\n## d\n##### e\n###### f"),
            "<h4 data-level=3>a</h4><h4 data-level=1>b</h4><h5 data-level=3>c</h5><h5 data-level=2>d</h5><h6 data-level=5>e</h6><h6 data-level=6>f</h6>"
        );
    }

    #[test]
    fn raw_html_is_shown_as_it_is_written() {
        assert_eq!(html("a <img src=x onerror=alert(1)> b"), "<p>a &lt;img src=x onerror=alert(1)> b</p>");
        assert_eq!(html("<script>\nalert(1)\n</script>"), "<pre>&lt;script>\nalert(1)\n&lt;/script></pre>");
    }

    #[test]
    fn links_lead_to_pages_and_mail_only() {
        for (source, expected) in [
            ("[a](https://example.org/)", "<p><a href=https://example.org/>a</a></p>"),
            ("[a](HTTP://example.org)", "<p><a href=HTTP://example.org>a</a></p>"),
            ("<ann@example.org>", "<p><a href=mailto:ann@example.org>ann@example.org</a></p>"),
            ("[a](javascript:alert(1))", "<p>a</p>"),
            ("[a](<java\tscript:alert(1)>)", "<p>a</p>"),
            ("[a](&#106;avascript:alert(1))", "<p>a</p>"),
            ("[a](data:text/html,b)", "<p>a</p>"),
            ("[a](/b) [c](#d) [e](//f)", "<p>a c e</p>"),
            ("<vbscript:a>", "<p>vbscript:a</p>"),
        ] {
            assert_eq!(html(source), expected);
        }
    }

    #[test]
    fn pictures_are_described_and_never_loaded() {
        assert_eq!(html("![a *b*](https://example.org/c.png)"), "<p><span class=alternative>a <em>b</em></span></p>");
    }

    #[test]
    fn nesting_and_length_have_an_end() {
        assert_eq!(html(&format!("{}deep", "> ".repeat(10_000))).matches("<blockquote>").count(), DEPTH);
        assert!(html(&format!("{}deep", "> ".repeat(10_000))).contains("deep"));
        html(&"- ".repeat(5_000));
        html(&"*a **b ".repeat(20_000));
        html(&"[".repeat(50_000));
        let table = format!("|{}\n|{}\n{}", "a|".repeat(900), "-|".repeat(900), "|a|\n".repeat(900));
        let (pieces, whole) = markdown(&table, 4);
        assert!(!whole && pieces.len() < PIECES + 2 * DEPTH, "{} pieces", pieces.len());
    }

    const ALLOWED: &[(&str, &str)] = &[
        ("a", "href"),
        ("blockquote", ""),
        ("br", ""),
        ("code", ""),
        ("div", "class"),
        ("em", ""),
        ("h4", "data-level"),
        ("h5", "data-level"),
        ("h6", "data-level"),
        ("hr", ""),
        ("li", ""),
        ("ol", "start"),
        ("p", ""),
        ("pre", ""),
        ("s", ""),
        ("span", "class"),
        ("strong", ""),
        ("table", ""),
        ("tbody", ""),
        ("td", "align"),
        ("td", ""),
        ("th", "align"),
        ("th", ""),
        ("thead", ""),
        ("tr", ""),
        ("ul", ""),
    ];

    fn check(text: &str) -> Result<(), TestCaseError> {
        let (pieces, _) = markdown(text, 4);
        let (mut depth, mut written) = (0_usize, 0);
        for piece in &pieces {
            match piece {
                Piece::Open { tag, attribute } => {
                    let name = attribute.as_ref().map_or("", |(name, _)| name);
                    prop_assert!(ALLOWED.contains(&(tag, name)), "<{tag} {name}>");
                    let value = attribute.as_ref().map_or("", |(_, value)| value);
                    match name {
                        "href" => {
                            let target = value.to_ascii_lowercase();
                            prop_assert!(
                                ["https://", "http://", "mailto:"].iter().any(|scheme| target.starts_with(scheme)),
                                "{value}"
                            );
                        }
                        "class" => prop_assert!(["wide", "alternative"].contains(&value)),
                        "align" => prop_assert!(["left", "center", "right"].contains(&value)),
                        "" => {}
                        _ => prop_assert!(value.bytes().all(|digit| digit.is_ascii_digit())),
                    }
                    written += value.len();
                    depth += 1;
                    prop_assert!(depth <= DEPTH + 1);
                }
                Piece::Text(text) => written += text.len(),
                Piece::Close => {
                    prop_assert!(depth > 0);
                    depth -= 1;
                }
            }
        }
        prop_assert_eq!(depth, 0);
        prop_assert!(written <= 200 + 2 * text.len() + 100_000, "{written} bytes from {}", text.len());
        Ok(())
    }

    proptest! {
        #[test]
        fn whatever_the_text_only_harmless_elements_come_out(text in "\\PC{0,200}") {
            check(&text)?;
        }

        #[test]
        fn whatever_the_markup_only_harmless_elements_come_out(
            parts in prop::collection::vec(prop::sample::select(vec![
                "\n", "\n\n", " ", "    ", "> ", "- ", "1. ", "# ", "###### ", "*", "**", "_", "~~", "`", "```\n",
                "|", "---", "\n|-|:-:|\n", "[", "]", "(", ")",
                "![", "](", "<", ">", "<a href=", "<script>", "</script>", "<!--", "-->", "<style>", "javascript:", "JaVaScRiPt:alert(1)",
                "java\tscript:", "data:text/html,",
                "https://a.b/", "mailto:", "\"", "'", " onerror=", "&#x6a;", "&colon;", "[a]: ", "[a]", "\\", "\0", "word", "\u{202e}", "العربية",
            ]), 0..60),
        ) {
            check(&parts.concat())?;
        }
    }
}
