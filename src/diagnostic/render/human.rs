//! Messages with source lines, for people at a terminal.

use super::Colour;
use super::escape;
use super::excerpt::{Excerpt, Mark, MarkKind, cut};
use super::place::{Located, LocatedFix, Location};
use crate::diagnostic::Severity;
use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

/// Lines are shown up to this many columns; the excerpts are cut to fit.
const WIDTH: usize = 400;

/// Stands for the place of an excerpt until it is put in: the renderer would count
/// columns in what is shown, which is cut and escaped. Escaped text does not hold it.
const PLACE: char = '\u{e000}';

/// Writes the problems, each followed by an empty line.
pub fn render(problems: &[Located], colour: Colour) -> String {
    let renderer = match colour {
        Colour::Plain => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(WIDTH);
    let mut output = String::new();
    for problem in problems {
        let mut places = Vec::new();
        let text = renderer.render(&[group(problem, &mut places)]);
        put_places(&text, &places, &mut output);
        output.push_str("\n\n");
    }
    output
}

/// Copies a message with its places where the renderer counted others.
fn put_places(text: &str, places: &[String], output: &mut String) {
    let mut parts = text.split(PLACE);
    output.push_str(parts.next().unwrap_or_default());
    for (part, place) in parts.zip(places) {
        output.push_str(place);
        output.push_str(part.trim_start_matches(|character: char| character == ':' || character.is_ascii_digit()));
    }
}

/// `places` takes the places of the excerpts, in order.
fn group<'a>(problem: &'a Located<'a>, places: &mut Vec<String>) -> Group<'a> {
    let level = match problem.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::NOTE.with_name("advice"),
    };
    let title = level.primary_title(escape::escape_controls(&problem.message)).id(problem.code.as_str());
    let mut elements: Vec<Element<'a>> = Vec::new();
    match &problem.primary {
        None => elements.extend(problem.document.as_deref().map(|path| Origin::path(escape::name(path)).into())),
        Some(primary) => {
            for (file, piece) in pieces(problem, primary) {
                places.push(format!("{}:{}:{}", escape::name(&file.path), piece.place.line, piece.place.column));
                elements.push(snippet(piece).into());
            }
        }
    }
    elements.extend(problem.also_in().map(|lines| Level::NOTE.message(lines).into()));
    if let Some(hint) = &problem.hint {
        elements.push(Level::HELP.message(escape::escape_controls(hint)).into());
    }
    elements.extend(problem.fixes.iter().map(|LocatedFix { fix, .. }| {
        let title = escape::escape_controls(&fix.title);
        let words = if fix.is_safe { title } else { format!("{title} (with --unsafe-fixes)").into() };
        Level::HELP.with_name("fix").message(words).into()
    }));
    Group::with_title(title).elements(elements)
}

/// The excerpts to show, the one that the message is about first.
fn pieces<'a>(problem: &'a Located<'a>, primary: &'a Location<'a>) -> Vec<(&'a Location<'a>, Excerpt<'a>)> {
    let label = problem.label.as_deref();
    let mut files: Vec<(&Location, Vec<Mark<'a>>)> =
        vec![(primary, vec![Mark { range: primary.span.range(), kind: MarkKind::Primary, label }])];
    for (location, words) in &problem.secondary {
        let mark = Mark { range: location.span.range(), kind: MarkKind::Secondary, label: Some(words) };
        match files.iter_mut().find(|(file, _)| file.span.file == location.span.file) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((location, vec![mark])),
        }
    }
    let mut pieces: Vec<(&'a Location<'a>, Excerpt<'a>)> = Vec::new();
    for (file, marks) in files {
        pieces.extend(cut(file.source, marks).into_iter().map(|piece| (file, piece)));
    }
    pieces.sort_by_key(|(_, piece)| piece.marks.iter().map(|mark| mark.kind).min());
    pieces
}

fn snippet(piece: Excerpt) -> Snippet<Annotation> {
    let marks = piece.marks.into_iter().map(|mark| {
        let kind = match mark.kind {
            MarkKind::Primary => AnnotationKind::Primary,
            MarkKind::Secondary => AnnotationKind::Context,
        };
        kind.span(mark.range).label(mark.label.map(escape::escape_controls))
    });
    Snippet::source(piece.text).path(PLACE.to_string()).line_start(piece.first_line).annotations(marks)
}
