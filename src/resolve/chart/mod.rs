//! Charts: read from CSV, drawn as SVG, with their data as a table for those
//! who do not see them.

mod draw;
mod scale;
mod svg;

use super::data::{self, Data};
use super::inline::{Place, Runs};
use super::resolved::{Label, Picture, PictureFormat, RBlock, RInline, Res};
use crate::ast::{
    AttrList, Attrs, Block, BlockKind, Cell, Chart, Column, Figure, Image, Inline, InlineKind, Parsed, Row, Scope,
    Table, plain_text,
};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::language::{Labels, fill};
use crate::source::Span;

/// The most series a chart shows: more cannot be told apart.
const SERIES: usize = 6;
/// The most categories a chart shows.
const CATEGORIES: usize = 2000;

/// What a chart draws.
pub struct Plot {
    pub categories: Vec<String>,
    pub series: Vec<Series>,
}

/// One column of values.
pub struct Series {
    pub name: String,
    /// One for each category; `None` where the data have none.
    pub values: Vec<Option<f64>>,
}

/// Draws a chart: a figure with the picture, and behind it the table of its
/// data. The attributes are those of the figure; a language is of both.
pub fn lower(runs: &mut Runs<'_>, chart: Chart, label: Option<Label>, attrs: &mut Attrs, span: Span) -> BlockKind<Res> {
    let (picture, table) = content(runs, &chart, span).unzip();
    let caption = chart.caption.map(|caption| runs.run(caption, Place::Caption));
    let blocks = picture.into_iter().collect();
    let figure = Block {
        kind: BlockKind::Figure(Figure { caption, label, blocks }),
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
fn content(runs: &mut Runs<'_>, chart: &Chart, span: Span) -> Option<(RBlock, RBlock)> {
    let from = runs.path_of(span);
    let data = data::read(&chart.src, chart.src_span, chart.delimiter, from, runs.context.files, runs.diagnostics)?;
    let columns = columns(runs, chart, &data, span)?;
    let plot = plot(runs, chart, &data, &columns, span)?;
    let labels = runs.labels();
    let drawing = draw::draw(&plot, chart.kind, chart.stacked, labels);
    let picture = runs.pictures.add_drawn(|count| Picture {
        path: format!("chart-{count}.svg"),
        format: PictureFormat::Svg,
        bytes: drawing.svg.into_bytes().into(),
        width: drawing.width,
        height: drawing.height,
        density: None,
    });
    let alt = chart.alt.clone().unwrap_or_else(|| match chart.caption.as_deref().map(plain_text) {
        Some(caption) => fill(labels.label_value, &[labels.chart, &caption]),
        None => labels.chart.to_owned(),
    });
    let image = Image { picture, alt: Some(runs.typographer.words(&alt)), title: None, width: None };
    let image: RInline = Inline::new(InlineKind::Image(image), span);
    let table = runs.table(table(data, &columns, labels, span), None, span);
    let picture = Block::new(BlockKind::Paragraph(vec![image]), span);
    Some((picture, Block::new(BlockKind::Table(Box::new(table)), span)))
}

/// The column of categories, then those of values.
fn columns(runs: &mut Runs<'_>, chart: &Chart, data: &Data, span: Span) -> Option<Vec<usize>> {
    let mut found = Vec::new();
    for name in std::iter::once(&chart.x).chain(&chart.y) {
        match data.header.iter().position(|column| column == name) {
            Some(column) => found.push(column),
            None => {
                let names = data.header.iter().map(String::as_str);
                let message = format!("`{}` has no column `{name}`", chart.src);
                let hint = did_you_mean(name, names);
                let columns = format!("its columns are {}", data.header.join(", "));
                runs.diagnostics.push(Diagnostic::new(Code::BadData, span, message).hint(hint.unwrap_or(columns)));
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

fn plot(runs: &mut Runs<'_>, chart: &Chart, data: &Data, columns: &[usize], span: Span) -> Option<Plot> {
    let (categories, values) = columns.split_first()?;
    if values.len() > SERIES || data.rows.len() > CATEGORIES {
        let message = format!("a chart shows at most {SERIES} columns of {CATEGORIES} values");
        runs.diagnostics.push(Diagnostic::new(Code::LimitExceeded, span, message).hint("name fewer columns in `y`"));
        return None;
    }
    let mut series = Vec::new();
    for column in values {
        let name = data.header.get(*column).cloned().unwrap_or_default();
        let mut numbers = Vec::with_capacity(data.rows.len());
        for (at, row) in data.rows.iter().enumerate() {
            let words = row.get(*column).map(String::as_str).unwrap_or_default();
            match number(words) {
                Ok(number) => numbers.push(number),
                Err(()) => {
                    let message = format!(
                        "`{}` holds `{words}` in column `{name}`, row {}, which is no number",
                        chart.src,
                        at + 1
                    );
                    let hint = "name the columns to be drawn in `y`, or correct the file";
                    runs.diagnostics.push(Diagnostic::new(Code::BadData, span, message).hint(hint));
                    return None;
                }
            }
        }
        series.push(Series { name, values: numbers });
    }
    let categories = data.rows.iter().map(|row| row.get(*categories).cloned().unwrap_or_default()).collect();
    Some(Plot { categories, series })
}

/// A value; `None` for an empty field. A comma may be the decimal sign.
fn number(words: &str) -> Result<Option<f64>, ()> {
    let compact: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    if compact.is_empty() || matches!(compact.as_str(), "-" | "–" | "—") {
        return Ok(None);
    }
    let point = compact.replace(['−', '–'], "-").replace(',', ".");
    point.parse().ok().filter(|number: &f64| number.is_finite()).map(Some).ok_or(())
}

/// The data of a chart as a table; its numbers with the language's signs.
fn table(data: Data, columns: &[usize], labels: &Labels, span: Span) -> Table<Parsed> {
    let cell = |words: String, header| Cell {
        blocks: vec![Block::new(BlockKind::Paragraph(vec![Inline::new(InlineKind::Text(words), span)]), span)],
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
                _ => cell(words.replace('.', labels.decimal_sign), None),
            }
        });
        Row { cells: cells.collect(), span }
    });
    let caption = vec![Inline::new(InlineKind::Text(labels.chart_data.to_owned()), span)];
    Table {
        caption: Some(caption),
        label: (),
        columns: vec![Column::default(); columns.len()],
        head: vec![Row { cells: head, span }],
        body: body.collect(),
        landscape: false,
    }
}
