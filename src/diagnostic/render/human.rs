//! With the source lines, for people at a terminal.

use super::Colour;
use super::excerpt::{Excerpt, Mark, MarkKind, cut};
use super::place::{Located, Location};
use crate::diagnostic::Severity;
use crate::source::Source;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

/// Lines are shown up to this many columns; the excerpts are cut to fit.
const WIDTH: usize = 400;

/// Stands behind the path of an excerpt that shows only a part of a line, until
/// its true column is put in: the renderer knows only the part.
const PART: char = '\u{e000}';

/// Writes the problems, each followed by an empty line.
pub fn render(problems: &[Located], colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut output = String::new();
    for problem in problems {
        let mut columns = Vec::new();
        let mut text = renderer.render(&[group(problem, &mut columns)]);
        for (shown, meant) in columns {
            text = text.replacen(&shown, &meant, 1);
        }
        output.push_str(&text);
        output.push_str("\n\n");
    }
    output
}

/// `columns` takes the places to correct: as shown and as meant.
fn group<'a>(problem: &Located<'a>, columns: &mut Vec<(String, String)>) -> Group<'a> {
    let diagnostic = problem.diagnostic;
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name("advice"),
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.as_str());
    let mut elements: Vec<Element<'a>> = Vec::new();
    match problem.primary {
        None => elements.push(Origin::path(problem.document).into()),
        Some(primary) => {
            for (file, piece) in pieces(problem, primary) {
                elements.push(snippet(file, piece, columns).into());
            }
        }
    }
    if let Some(hint) = &diagnostic.hint {
        elements.push(Level::HELP.message(hint.as_str()).into());
    }
    Group::with_title(title).elements(elements)
}

/// The excerpts to show, the one that the message is about first.
fn pieces<'a>(problem: &Located<'a>, primary: Location<'a>) -> Vec<(&'a Source, Excerpt<'a>)> {
    let label = problem.diagnostic.label.as_deref();
    let mut files: Vec<(Location<'a>, Vec<Mark<'a>>)> =
        vec![(primary, vec![Mark { range: primary.span.range(), kind: MarkKind::Primary, label }])];
    for (location, words) in &problem.secondary {
        let mark = Mark { range: location.span.range(), kind: MarkKind::Secondary, label: Some(words) };
        match files.iter_mut().find(|(file, _)| file.span.file == location.span.file) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((*location, vec![mark])),
        }
    }
    let mut pieces: Vec<(&'a Source, Excerpt<'a>)> = Vec::new();
    for (file, marks) in files {
        pieces.extend(cut(file.source, marks).into_iter().map(|piece| (file.source, piece)));
    }
    pieces.sort_by_key(|(_, piece)| piece.marks.iter().map(|mark| mark.kind).min());
    pieces
}

fn snippet<'a>(
    source: &'a Source,
    piece: Excerpt<'a>,
    columns: &mut Vec<(String, String)>,
) -> Snippet<'a, Annotation<'a>> {
    let mut path = source.path().to_owned();
    if let Some(part) = piece.part {
        path.push(PART);
        let line = piece.first_line;
        let meant = source.place(part.offset).column;
        columns.push((format!("{path}:{line}:{}", part.column), format!("{}:{line}:{meant}", source.path())));
    }
    let marks = piece.marks.into_iter().map(|mark| {
        let kind = match mark.kind {
            MarkKind::Primary => AnnotationKind::Primary,
            MarkKind::Secondary => AnnotationKind::Context,
        };
        kind.span(mark.range).label(mark.label)
    });
    Snippet::source(piece.text).path(path).line_start(piece.first_line).annotations(marks)
}
