//! Furniture: running head, markings and page number on every page.

use super::order::{self, Property};
use super::package::DECLARATION;
use super::style::{self, Mark, Marks, Role, Style, twips};
use crate::backend::markup::Markup;
use crate::language::{Direction, fill};
use crate::resolve::Resolved;
use crate::theme::Theme;

/// The running head: the title, and the document's number at the other edge.
pub fn header(document: &Resolved, theme: &Theme, is_landscape: bool) -> String {
    let reference = document.metadata.reference.as_ref().map(|reference| reference.value.as_str());
    part("w:hdr", theme, Role::Header, is_landscape, |out| {
        write_words(out, document, &document.title_text, &Marks::new());
        if let Some(reference) = reference {
            run(out, document, &Marks::new(), |out| out.empty("w:tab", &[]));
            write_words(out, document, reference, &Marks::new());
        }
    })
}

/// The header of the first page, which has the title already.
pub fn first_header() -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    out.element("w:hdr", &super::NAMESPACES, |out| {
        out.empty("w:p", &[]);
    });
    out.into_string()
}

/// Markings, and the number of the page at the other edge.
pub fn footer(document: &Resolved, theme: &Theme, is_landscape: bool) -> String {
    part("w:ftr", theme, Role::Footer, is_landscape, |out| {
        write_words(out, document, &document.banners.join(" · "), &Marks::from([Mark::Strong]));
        run(out, document, &Marks::new(), |out| out.empty("w:tab", &[]));
        let pattern = fill(document.language.labels.page_of, &["\u{1}", "\u{2}"]);
        let mut rest = pattern.as_str();
        while let Some(at) = rest.find(['\u{1}', '\u{2}']) {
            let (before, behind) = rest.split_at(at);
            write_words(out, document, before, &Marks::new());
            field(out, document, if behind.starts_with('\u{1}') { " PAGE " } else { " NUMPAGES " });
            rest = behind.get(1..).unwrap_or_default();
        }
        write_words(out, document, rest, &Marks::new());
    })
}

fn part(name: &str, theme: &Theme, role: Role, is_landscape: bool, content: impl FnOnce(&mut Markup)) -> String {
    let mut out = Markup::new();
    out.raw(DECLARATION);
    let mut properties = vec![Property::with_value("w:pStyle", Style::for_role(role).id())];
    if is_landscape {
        // On landscape pages a line is as long as the height of other pages allows.
        let end = twips(super::structure::turned_measure(theme));
        let old = Property::with_value("w:tab", "clear").with("w:pos", twips(theme.page.measure()));
        let tabs = vec![old, Property::with_value("w:tab", "right").with("w:pos", end)];
        properties.push(Property::new("w:tabs").holding(tabs));
    }
    out.element(name, &super::NAMESPACES, |out| {
        out.element("w:p", &[], |out| {
            order::write(out, "w:pPr", properties);
            content(out);
        });
    });
    out.into_string()
}

fn run(out: &mut Markup, document: &Resolved, marks: &Marks, content: impl FnOnce(&mut Markup)) {
    let mut properties = Vec::new();
    if !marks.is_empty() {
        properties.push(Property::with_value("w:rStyle", style::run_style(marks)));
    }
    if document.language.direction == Direction::RightToLeft {
        properties.push(Property::new("w:rtl"));
    }
    out.element("w:r", &[], |out| {
        order::write(out, "w:rPr", properties);
        content(out);
    });
}

fn write_words(out: &mut Markup, document: &Resolved, words: &str, marks: &Marks) {
    if !words.is_empty() {
        run(out, document, marks, |out| out.leaf("w:t", &[("xml:space", "preserve")], words));
    }
}

fn field(out: &mut Markup, document: &Resolved, instruction: &str) {
    let none = Marks::new();
    run(out, document, &none, |out| out.empty("w:fldChar", &[("w:fldCharType", "begin")]));
    run(out, document, &none, |out| out.leaf("w:instrText", &[("xml:space", "preserve")], instruction));
    run(out, document, &none, |out| out.empty("w:fldChar", &[("w:fldCharType", "separate")]));
    run(out, document, &none, |out| out.leaf("w:t", &[], "1"));
    run(out, document, &none, |out| out.empty("w:fldChar", &[("w:fldCharType", "end")]));
}
