//! How much a picture in SVG draws, before a browser is asked to draw it: a file of a few hundred bytes can name one shape a
//! thousand million times, and a page that shows it does nothing else any more.

mod document;
mod graph;
mod markup;
mod sheet;

use thiserror::Error;

/// Most that a picture may draw. Chromium takes about a second for it.
const MOST: u64 = 100_000;

/// Why a picture in SVG is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unshowable {
    /// It draws too much, or names what it draws in a way whose extent cannot be told beforehand.
    #[error("the picture is too complex to be shown")]
    TooComplex,
    /// It is no XML.
    #[error("the file is no picture that this browser can show")]
    Damaged,
}

/// How many elements a picture draws, where each stands for all that it refers to: what a `use` repeats, the pattern that a shape
/// is filled with, the mask that it is seen through, the steps of its filter, the marker at each of its corners. A step of a filter
/// counts as 20, and 256 letters of a description or a text as one more.
///
/// It takes a time that grows with the length of the text, whatever that says. References that go round in circles, entities
/// that hold more than a few letters of text, pictures in SVG inside of it, and animated references are taken for too complex.
///
/// # Errors
/// Why the picture is not to be shown, which is so where it draws more than 100,000 elements.
pub fn drawn(svg: &str) -> Result<u64, Unshowable> {
    graph::total(document::read(svg)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::fmt::Write as _;

    fn svg(content: &str) -> String {
        format!(r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{content}</svg>"#)
    }

    fn count(content: &str) -> Result<u64, Unshowable> {
        drawn(&svg(content))
    }

    /// Groups that each hold ten of what `part` makes of the one before, `levels` deep.
    fn nested(levels: usize, wrap: (&str, &str), part: impl Fn(usize) -> String) -> String {
        let mut content = String::new();
        for level in 0..levels {
            let inner = if level == 0 { "<rect/>".repeat(10) } else { part(level - 1).repeat(10) };
            _ = write!(content, r#"<{0} id="n{level}"{1}>{inner}</{0}>"#, wrap.0, wrap.1);
        }
        content
    }

    #[test]
    fn elements_are_counted_with_what_they_refer_to() {
        for (content, expected) in [
            ("", 1),
            ("<g><rect/><rect/></g>", 4),
            (r##"<g id="a"><rect/></g><use href="#a"/>"##, 6),
            (r##"<g id="a"><rect/></g><use xlink:href="#a"/><use xlink:href="#nothing"/>"##, 7),
            (r##"<pattern id="p"><rect/></pattern><rect fill="url(#p)"/>"##, 6),
            // Each of what is in a group is filled.
            (r##"<pattern id="p"><rect/></pattern><g style="stroke: url('#p')"><rect/><rect/></g>"##, 12),
            (r##"<mask id="m"><rect/></mask><g mask="url(#m)"><rect/><rect/></g>"##, 8),
            (r##"<filter id="f"><feFlood/></filter><rect filter="url(#f)"/>"##, 44),
            (r##"<marker id="m"><rect/></marker><path marker-end="url(#m)" d="M0 0 1 1 2 2"/>"##, 6),
            (r##"<marker id="m"><rect/></marker><path marker-mid="url(#m)" d="M0 0 1 1 2 2"/>"##, 18),
            // A gradient is drawn by nobody.
            (r##"<linearGradient id="g"><stop/></linearGradient><rect fill="url(#g)"/>"##, 4),
            (r##"<a id="top" href="#top"><textPath href="#top"/></a>"##, 3),
            (
                r##"<style>.a, rect.b > .c { mask: url(#m) }</style><mask id="m"/><g class="x a"/><g class="b"/><g class="c"/>"##,
                8,
            ),
            (r##"<style>circle { mask: url(#m) } #two { mask: url(#m) }</style><mask id="m"/><circle/><g id="two"/><g/>"##, 8),
        ] {
            assert_eq!(count(content), Ok(expected), "{content}");
        }
    }

    #[test]
    fn what_grows_beyond_all_bounds_is_too_complex() {
        let used = |n: usize| format!(r##"<use href="#n{n}"/>"##);
        assert_eq!(count(&nested(3, ("g", ""), used)), Ok(1 + 11 + 121 + 1221));
        for (what, content) in [
            ("uses", nested(30, ("g", ""), used)),
            ("old uses", nested(30, ("g", ""), |n| format!(r##"<use xlink:href='#n{n}'/>"##))),
            ("uses with a prefix", nested(30, ("g", ""), |n| format!(r##"<s:use x:href="&#35;n{n}"/>"##))),
            ("uses with an address", nested(30, ("g", ""), |n| format!(r##"<use href="about:blank#n{n}"/>"##))),
            ("symbols", nested(30, ("symbol", ""), used)),
            ("patterns", nested(30, ("pattern", ""), |n| format!(r##"<rect fill="url(#n{n})"/>"##))),
            ("masks", nested(30, ("mask", ""), |n| format!(r##"<rect style="mask:URL( '#n{n}' )"/>"##))),
            ("clips", nested(30, ("clipPath", ""), |n| format!(r##"<rect clip-path="url(#n{n})"/>"##))),
            ("filters", nested(30, ("filter", ""), |n| format!(r##"<feImage href="#n{n}"/>"##))),
            ("markers", nested(30, ("marker", ""), |n| format!(r##"<path marker-start="url(#n{n})"/>"##))),
        ] {
            assert_eq!(count(&content), Err(Unshowable::TooComplex), "{what}");
        }
        let classes: String = (0..30).map(|n| format!(".c{n} {{ mask: url(#n{n}) }}\n")).collect();
        let masks = nested(30, ("mask", ""), |n| format!(r#"<rect class="c{n}"/>"#));
        assert_eq!(count(&format!("<style>{classes}</style>{masks}")), Err(Unshowable::TooComplex));
        assert_eq!(count(&format!("{masks}<style><![CDATA[{classes}]]></style>")), Err(Unshowable::TooComplex));
        assert_eq!(count(&"<rect/>".repeat(100_000)), Err(Unshowable::TooComplex));
        let line = format!(r##"<marker id="m"><rect/></marker><polyline marker="url(#m)" points="{}"/>"##, "1 1 ".repeat(60_000));
        assert_eq!(
            count(&format!("{line}<g style='marker:url(#m)'><polyline points='{}'/></g>", "1 1 ".repeat(60_000))),
            Err(Unshowable::TooComplex)
        );
    }

    #[test]
    fn what_cannot_be_told_beforehand_is_too_complex() {
        for content in [
            r##"<g id="a"><use href="#a"/></g>"##,
            r##"<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>"##,
            r##"<style>* { mask: url(#m) }</style><mask id="m"><rect/></mask>"##,
            r##"<style>:not(.a) { mask: url(#m) }</style><mask id="m"><rect/></mask>"##,
            r##"<style>:root { --m: url(#m) } .a { mask: var(--m) }</style><mask id="m"><rect/></mask>"##,
            r##"<style>@keyframes k { from { mask: url(#m) } }</style><mask id="m"><rect/></mask>"##,
            r##"<g style="--m: url(#m)"><rect style="mask: var(--m)"/></g><mask id="m"><rect/></mask>"##,
            r##"<style>.a { mask: \75rl(#m) }</style>"##,
            r##"<style>.a { mask: url(#m) </style>"##,
            r##"<rect mask="\75rl(#m)"/>"##,
            r##"<use href="#%61"/>"##,
            r##"<use href="#a"><set attributeName="href" to="#b"/></use>"##,
            r##"<rect><animate attributeName="mask" values="url(#a);url(#b)"/></rect>"##,
            r##"<rect><set attributeName="class" to="a"/></rect>"##,
            r##"<image href="data:image/svg+xml,%3Csvg/%3E"/>"##,
            r##"<image href=" DA&#10;TA:Image/SVG+xml;base64,PHN2Zy8+"/>"##,
            r##"<image href="data:,x"/>"##,
            r##"<style>@import "data:text/css,a";</style>"##,
            r##"<use href="data:text/xml,x#a"/>"##,
        ] {
            assert_eq!(count(content), Err(Unshowable::TooComplex), "{content}");
        }
        for head in [
            r#"<!DOCTYPE svg [<!ENTITY a "<rect/>">]>"#,
            r#"<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>"#,
            r#"<!DOCTYPE svg [<!ENTITY a "&#60;rect/>">]>"#,
            r#"<!DOCTYPE svg [<!ENTITY % a "x"> %a;]>"#,
            r#"<!DOCTYPE svg [<!ENTITY a SYSTEM "a.xml">]>"#,
            r##"<!DOCTYPE svg [<!ATTLIST use href CDATA "#a">]>"##,
            r#"<?xml-stylesheet type="text/xsl" href="\#a"?>"#,
        ] {
            assert_eq!(drawn(&format!("{head}{}", svg(""))), Err(Unshowable::TooComplex), "{head}");
        }
        let long = format!(r#"<!DOCTYPE svg [<!ENTITY a "{}">]>"#, "x".repeat(2_000));
        assert_eq!(drawn(&format!("{long}{}", svg(""))), Err(Unshowable::TooComplex));
    }

    #[test]
    fn pictures_as_programs_write_them_are_counted() {
        let illustrator = r##"<?xml version="1.0" encoding="utf-8"?>
            <!-- Generator: a program > of some kind -->
            <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
              <!ENTITY ns_svg "http://www.w3.org/2000/svg">
              <!ENTITY ns_xlink "http://www.w3.org/1999/xlink">
              <!ELEMENT foo ANY>
            ]>
            <svg version="1.1" id="Layer_1" xmlns="&ns_svg;" xmlns:xlink="&ns_xlink;" viewBox='0 0 10 10' xml:space="preserve">
              <style type="text/css">
                /* url(#nothing) { */
                .st0{clip-path:url(#SVGID_2_);fill:url(#SVGID_1_);} .st1{font-family:'Myriad;Pro'}
                @media print { .st2 { fill: #FFF } }
                @font-face { src: url(data:font/woff2;base64,AAAA) format("woff2") }
              </style>
              <linearGradient id="SVGID_1_"><stop offset="0" class="st1"/></linearGradient>
              <clipPath id="SVGID_2_"><use xlink:href="#SVGID_3_" style="overflow:visible;"/></clipPath>
              <rect id="SVGID_3_" /><path class="st0" d="M1,2c3-4.5.6,7,8,9z" inkscape:export="C:\pictures"/>
              <image xlink:href="data:image/png;base64,iVBORw0KGgo="/><text>a &amp; b &copy; <![CDATA[<use/>]]></text>
              <animateTransform attributeName="transform" from="0" to="360"/>
            </svg>
            <!-- the end -->"##;
        assert_eq!(drawn(illustrator), Ok(11 + 1 + 3));
        assert_eq!(drawn(&format!("\u{feff}{}", svg("<rect/>"))), Ok(2));
    }

    #[test]
    fn what_is_no_xml_is_damaged() {
        for text in [
            "",
            "no picture",
            "<svg",
            "<svg>",
            "<svg></g>",
            "</svg>",
            "<svg a></svg>",
            "<svg a=b></svg>",
            r#"<svg a="<"/>"#,
            r#"<svg a="b"#,
            "<svg/><svg/>",
            "<svg><!-- </svg>",
            "<svg><![CDATA[ </svg>",
            "<svg><? </svg>",
            "<!DOCTYPE svg [ ",
            "<!doctype svg><svg/>",
            r#"<svg a="&nothing;"/>"#,
            r#"<svg a="&#xffffffff;"/>"#,
            r#"<svg a="&"/>"#,
            "\0<svg/>",
            "<\0s\0v\0g\0/\0>",
        ] {
            assert_eq!(drawn(text), Err(Unshowable::Damaged), "{text:?}");
        }
    }

    #[test]
    fn it_takes_no_longer_than_the_file_is_long() {
        // Each of these would take minutes if something was looked through once for each element.
        let many = 20_000;
        let repeat = |n: usize, part: &dyn Fn(usize) -> String| (0..n).map(part).collect::<String>();
        let uses = repeat(many, &|n| format!(r##"<g id="a{n}"/><use href="#a{n}"/>"##));
        assert_eq!(count(&uses), Ok(60_001));
        let chain = repeat(many, &|n| format!(r##"<g id="a{n}"><use href="#a{}"/></g>"##, n + 1));
        assert_eq!(count(&chain), Err(Unshowable::TooComplex));
        assert_eq!(count(&format!("{}{}", "<g>".repeat(many), "</g>".repeat(many))), Ok(20_001));
        let sheet = repeat(many, &|n| format!(".a{n}{{mask:url(#b)}}"));
        let classes = repeat(many, &|n| format!("a{n} "));
        let classed = format!(r#"<g class="{classes}"/>"#).repeat(10);
        assert_eq!(count(&format!(r#"<style>{sheet}</style><mask id="b"/>{classed}"#)), Err(Unshowable::TooComplex));
        let rules = ".a{mask:url(#b)}".repeat(many) + r#"</style><mask id="b"/>"#;
        assert_eq!(count(&format!("<style>{rules}{}", r#"<g class="a"/>"#.repeat(many))), Err(Unshowable::TooComplex));
        let selector = format!("<style>.{}{{{}}}</style>", "a".repeat(200_000), "mask:url(#b);".repeat(many));
        assert_eq!(count(&selector), Err(Unshowable::TooComplex));
        let same = r##"<g id="a"/><use href="#a"/>"##.repeat(many);
        assert_eq!(count(&same), Err(Unshowable::TooComplex));
        for part in ["<", "<!--", "&", "(", "\"", "{", "[", "a=", "<a ", "url(", "/*", ";", "<![CDATA[", "&#1;"] {
            for (before, after) in [("", ""), ("<style>", "</style>"), ("<g style='", "'/>"), ("<g a='", "'/>")] {
                _ = count(&format!("{before}{}{after}", part.repeat(20_000)));
            }
        }
    }

    /// Pieces that documents are made of, whole and broken.
    const PIECES: [&str; 38] = [
        "<svg>",
        "</svg>",
        "<g id='a'>",
        "</g>",
        "<use href='#a'/>",
        "<style>",
        "</style>",
        "<mask id=\"m\">",
        "</mask>",
        "<path d='",
        "M0 0.5.5",
        "'/>",
        "mask:url(#m)",
        ".a{",
        "}",
        ";",
        ":",
        "(",
        ")",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "<!DOCTYPE svg [",
        "]>",
        "<!ENTITY a '",
        "&a;",
        "&#35;",
        "&#",
        "\\",
        "\"",
        "\u{feff}",
        "ü",
        "\0",
        "@keyframes x{",
        "data:",
        "url(",
        " ",
    ];

    proptest! {
        #[test]
        fn no_text_makes_it_panic(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..40), cut in 0_usize..200) {
            let text = pieces.concat();
            _ = drawn(&text);
            _ = drawn(text.get(..cut).unwrap_or_default());
            _ = drawn(&format!("<svg><style>{text}</style><g style='{text}' class='{text}'/></svg>"));
        }
    }
}
