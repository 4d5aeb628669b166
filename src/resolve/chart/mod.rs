//! Charts: read from CSV, drawn as SVG, with their data as a table for those
//! who do not see them.

mod draw;
mod scale;
mod svg;

pub use svg::{Anchor, Svg, escaped, number as coordinate};

use super::budget::NODE;
use super::data::{self, Data};
use super::inline::{RunKind, RunLowering};
use super::resolved::{Label, Picture, PictureFormat, RBlock, RInline, ResolvedStage};
use crate::ast::{
    self, AttrList, Attrs, Block, BlockKind, Cell, Chart, Expanded, Image, Inline, InlineKind, Row, Scope, Table,
    plain_text,
};
use crate::diagnostic::{Code, Diagnostic, guess};
use crate::language::number::{self, Fault, Figure, Point, Signs, Written};
use crate::language::{Language, fill};
use crate::source::{FileId, Sources, Span};

/// Maximum number of series in a chart: more cannot be distinguished.
const SERIES: usize = 6;
/// The most categories a chart shows.
const CATEGORIES: usize = 2000;

/// The data of a chart.
pub struct Plot {
    pub categories: Vec<String>,
    pub series: Vec<Series>,
}

/// A column of values.
pub struct Series {
    pub name: String,
    /// Values by category; `None` if the data have none.
    pub values: Vec<Option<f64>>,
}

/// Draws a chart: a figure with the picture, and after it the table of its data. The attributes are
/// those of the figure; a language is of both.
pub fn lower(
    runs: &mut RunLowering<'_>,
    (chart, file): (Chart, Option<FileId>),
    label: Option<Label>,
    attrs: &mut Attrs,
    span: Span,
) -> BlockKind<ResolvedStage> {
    let (picture, table) = content(runs, &chart, file, span).unzip();
    let caption = chart.caption.map(|caption| runs.run(caption, RunKind::Caption));
    let blocks = picture.into_iter().collect();
    let figure = Block {
        kind: BlockKind::Figure(ast::Figure { caption, label, blocks }),
        span,
        attrs: std::mem::replace(attrs, language(attrs)),
    };
    BlockKind::Group(std::iter::once(figure).chain(table).collect())
}

/// The language alone of some attributes.
fn language(attrs: &Attrs) -> Attrs {
    let lang = attrs.lang().map(str::to_owned);
    Attrs::from(AttrList { lang, ..AttrList::default() })
}

/// The picture of a chart, and the table of its data.
fn content(runs: &mut RunLowering<'_>, chart: &Chart, file: Option<FileId>, span: Span) -> Option<(RBlock, RBlock)> {
    let from = runs.path_of(span);
    let files = runs.context.files;
    let mut data =
        data::read(&chart.src, chart.src_span, chart.delimiter, from, files, &mut runs.budget, runs.diagnostics)?;
    data.file = file;
    let columns = columns(runs, chart, &data, span)?;
    let plot = plot(runs, chart, &data, &columns, span)?;
    // Each value is drawn, and is in the table.
    let weight = NODE * 6 * columns.len() * data.rows.len();
    if !runs.budget.take(weight, span, runs.diagnostics) {
        return None;
    }
    let labels = runs.labels();
    let drawing = draw::draw(&plot, chart.kind, chart.stacked, runs.language);
    let picture = runs.pictures.add_drawn(|count| Picture {
        path: format!("chart-{count}.svg"),
        format: PictureFormat::Svg,
        bytes: drawing.svg.into_bytes().into(),
        width: drawing.width,
        height: drawing.height,
        density: None,
        span,
    });
    let alt = chart.alt.clone().unwrap_or_else(|| match chart.caption.as_deref().map(plain_text) {
        Some(caption) => fill(labels.label_value, &[labels.chart, &caption]),
        None => labels.chart.to_owned(),
    });
    let image = Image { picture, alt: Some(runs.typographer.set_text(&alt)), title: None, width: None };
    let image: RInline = Inline::new(InlineKind::Image(image), span);
    let table = runs.table(table(data, &columns, runs.language, span), None, span);
    let picture = Block::new(BlockKind::Paragraph(vec![image].into()), span);
    Some((picture, Block::new(BlockKind::Table(table.into()), span)))
}

/// The column of categories, then those of values.
fn columns(runs: &mut RunLowering<'_>, chart: &Chart, data: &Data, span: Span) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for name in std::iter::once(&chart.x).chain(&chart.y) {
        match data.header.iter().position(|column| column == name) {
            Some(column) => found.push(column),
            None => {
                let names = data.header.iter().map(String::as_str);
                let message = format!("`{}` has no column `{name}`", chart.src);
                let near = guess(name, names);
                let columns = format!("its columns are {}", data.header.join(", "));
                runs.diagnostics.push(Diagnostic::new(Code::BadData, span, message).hint(columns).guess(near));
                return None;
            }
        }
    }
    if chart.y.is_empty() {
        let categories = found.first().copied();
        found.extend((0..data.header.len()).filter(|column| Some(*column) != categories));
    }
    Some(found)
}

fn plot(runs: &mut RunLowering<'_>, chart: &Chart, data: &Data, columns: &[usize], span: Span) -> Option<Plot> {
    let (categories, values) = columns.split_first()?;
    let lack = match (values, data.rows.as_slice()) {
        ([], _) => Some((format!("no column beside `{}`", chart.x), "a chart draws a column of numbers, too")),
        (_, []) => Some(("no line below its header".to_owned(), "a chart draws a line for each value of `x`")),
        (_, _) => None,
    };
    if let Some((lack, hint)) = lack {
        let message = format!("`{}` has {lack}, so that there is nothing to draw", chart.src);
        runs.diagnostics.push(Diagnostic::new(Code::BadData, span, message).hint(hint));
        return None;
    }
    if values.len() > SERIES || data.rows.len() > CATEGORIES {
        let message = format!("a chart shows at most {SERIES} columns of {CATEGORIES} values");
        runs.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint("name fewer columns in `y`"));
        return None;
    }
    let mut series = Vec::new();
    for column in values {
        let name = data.header.get(*column).cloned().unwrap_or_default();
        series.push(Series { name, values: numbers(runs, chart, data, *column, span)? });
    }
    let categories = data.rows.iter().map(|row| row.get(*categories).cloned().unwrap_or_default()).collect();
    Some(Plot { categories, series })
}

/// The values of a column; what cannot be read for certain is reported.
fn numbers(
    runs: &mut RunLowering<'_>,
    chart: &Chart,
    data: &Data,
    column: usize,
    span: Span,
) -> Option<Vec<Option<f64>>> {
    match read(data, column, &runs.language.tag) {
        Ok(Column { figures, point }) => {
            Some(figures.iter().map(|figure| figure.as_ref().and_then(|figure| figure.value(point))).collect())
        }
        Err((row, fault)) => {
            let problem = fault_at(chart, data, (row, column), fault, runs.language, runs.sources);
            let problem =
                if problem.span.is_some() { problem.secondary(span, "the chart that draws it") } else { problem };
            runs.diagnostics.push(Diagnostic { span: problem.span.or(Some(span)), ..problem });
            None
        }
    }
}

/// The figures of a column, and the sign before their fractions.
struct Column {
    /// Figures by row; `None` if the data have none.
    figures: Vec<Option<Figure>>,
    point: Point,
}

/// The problem with a cell.
enum BadCell {
    /// The cell has no number that could be drawn.
    Words,
    Number(Fault),
}

/// Reads a column. Its first cell that cannot be read for certain is given by
/// its row.
fn read(data: &Data, column: usize, lang: &str) -> Result<Column, (usize, BadCell)> {
    let mut figures = Vec::with_capacity(data.rows.len());
    for (at, row) in data.rows.iter().enumerate() {
        figures.push(match number::read(row.get(column).map(String::as_str).unwrap_or_default()) {
            Written::Nothing => None,
            Written::Figure(figure) if !figure.inexact => Some(figure),
            Written::Figure(_) | Written::Words => return Err((at, BadCell::Words)),
        });
    }
    let (rows, all): (Vec<usize>, Vec<&Figure>) =
        figures.iter().enumerate().filter_map(|(row, figure)| Some((row, figure.as_ref()?))).unzip();
    let signs = Signs::for_language(lang);
    let point = number::point(&all, signs).and_then(|point| number::same_unit(&all).map(|()| point));
    match point {
        Ok(point) => Ok(Column { figures, point }),
        Err(fault) => {
            let (Fault::Ambiguous(at) | Fault::Mixed(at) | Fault::Grouping(at) | Fault::Units(at)) = fault;
            Err((rows.get(at).copied().unwrap_or_default(), BadCell::Number(fault)))
        }
    }
}

/// The problem with a field, at its span in the file if it has one.
fn fault_at(
    chart: &Chart,
    data: &Data,
    (row, column): (usize, usize),
    fault: BadCell,
    language: &Language,
    sources: &Sources,
) -> Diagnostic {
    let words = data.rows.get(row).and_then(|row| row.get(column)).map(String::as_str).unwrap_or_default();
    let name = data.header.get(column).map(String::as_str).unwrap_or_default();
    let line = data.lines.get(row).copied().unwrap_or_default();
    let place = data.file.and_then(|file| {
        let range = data.place(sources.get(file)?.text(), row, column)?;
        Some(Span::new(file, range.start, range.end))
    });
    let sign = language.decimal_sign();
    let (what, hint) = match fault {
        BadCell::Words => ("which is no number", "name the columns to be drawn in `y`, or correct the file".to_owned()),
        BadCell::Number(Fault::Ambiguous(_)) => (
            "which can be read in two ways",
            format!("write `{sign}` before fractions, and nothing or a space between thousands, in the whole column"),
        ),
        BadCell::Number(Fault::Mixed(_)) => (
            "where other rows put another sign before the fraction",
            format!("write `{sign}` before fractions in the whole column"),
        ),
        BadCell::Number(Fault::Grouping(_)) => (
            "whose digits are not in groups of three",
            format!("write `{}` before every three digits, and `{sign}` before a fraction", language.group_sign()),
        ),
        BadCell::Number(Fault::Units(_)) => {
            ("where other rows have another unit", "give all values of a column the same unit".to_owned())
        }
    };
    let of = match place {
        Some(_) => String::new(),
        None => format!(" in line {line} of `{}`", chart.src),
    };
    let message = format!("`:::chart` cannot draw `{words}` of the column `{name}`{of}, {what}");
    Diagnostic { span: place, ..Diagnostic::without_place(Code::BadData, message) }.hint(hint)
}

/// The data of a chart as a table. Numbers that are written with other signs
/// than the language's get its own.
fn table(data: Data, columns: &[usize], language: &Language, span: Span) -> Table<Expanded> {
    let labels = language.labels;
    let own = Signs::for_language(&language.tag).point;
    let foreign: Vec<Option<Point>> = columns
        .iter()
        .map(|column| read(&data, *column, &language.tag).ok().map(|column| column.point).filter(|point| *point != own))
        .collect();
    let value = |words: String, point: Option<Point>| match (number::read(&words), point) {
        (Written::Figure(figure), Some(point)) => {
            figure.with_signs(point, language.decimal_sign(), language.group_sign()).unwrap_or(words)
        }
        _ => words,
    };
    let cell = |words: String, header| Cell {
        blocks: vec![Block::new(BlockKind::Paragraph(vec![Inline::new(InlineKind::Text(words), span)].into()), span)],
        header,
        colspan: 1,
        rowspan: 1,
        align: None,
        span,
        attrs: Attrs::default(),
    };
    let of = |words: &[String], column: usize| words.get(column).cloned().unwrap_or_default();
    let head = columns.iter().map(|column| cell(of(&data.header, *column), Some(Scope::Column))).collect();
    let body = data.rows.iter().map(|row| {
        let cells = columns.iter().enumerate().map(|(at, column)| {
            let words = of(row, *column);
            match at {
                0 => cell(words, Some(Scope::Row)),
                _ => cell(value(words, foreign.get(at).copied().flatten()), None),
            }
        });
        Row { cells: cells.collect(), span }
    });
    let caption = vec![Inline::new(InlineKind::Text(labels.chart_data.to_owned()), span)];
    Table {
        caption: Some(caption),
        label: (),
        columns: vec![ast::Column::default(); columns.len()],
        head: vec![Row { cells: head, span }],
        body: body.collect(),
        landscape: false,
    }
}
