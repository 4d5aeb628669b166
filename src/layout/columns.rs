//! How wide the columns of a table are, and how large its type.

use super::node::{Node, TableNode};
use super::paragraph::{narrowest, natural_lines, natural_widths, shape_paragraph};
use super::shape::Shaper;
use super::text::{InlineItemKind, Prepared};
use crate::theme::Pt;

/// Columns want at most this many times the table's width.
const WIDEST_WANT: Pt = 3.0;
/// Width that prose needs for lines of more than a word or two, in ems.
const READABLE: Pt = 9.0;
/// A name of code or an address may keep this share of a table from the
/// columns beside it before it is broken at its joints.
const WHOLE_SHARE: Pt = 0.4;
/// Minimum position between the width of syllables and of words, as a share, that columns with
/// hyphenated words should have.
const LEAST_OF_WORDS: Pt = 0.35;
/// The smallest type of a table that fits no page: below, its words are broken.
const SMALLEST_SCALE: Pt = 0.5;
/// Set that much wider, so that rounding breaks no line, in points.
const HAIR: Pt = 0.2;
/// Rows that are looked at to find out how a table becomes short.
const SAMPLE: usize = 100;
/// How much of a line its words fill on average.
const FILLED: Pt = 0.93;
/// Width that is moved from column to column at once, as a share of the table's,
/// and how often without any gain.
const STEP: Pt = 0.02;
const STEPS: usize = 8;
/// Cells that are looked at to decide whether a table gets a page in landscape.
const LOOKED_AT: usize = 20_000;
/// No letter of prose is wider on average, in ems.
const WIDE_LETTER: Pt = 0.62;

/// Widest whole and widest fraction of a column of figures.
#[derive(Debug, Clone, Copy, Default)]
pub struct Decimal {
    pub whole: Pt,
    pub fraction: Pt,
}

/// Selects one of the wanted widths.
type Part = fn(&mut Want) -> &mut Pt;

/// How a table fits its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    pub widths: Vec<Pt>,
    /// Factor for all sizes of the table.
    pub scale: Pt,
    pub fit: Fit,
}

/// Whether a table can be read in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fit {
    Good,
    /// Most words are hyphenated: a wider page is better.
    Narrow,
    /// The type is smaller than the theme allows, or words are broken anywhere.
    TooWide,
}

/// Wanted widths of a part of a table, in points.
#[derive(Debug, Clone, Copy, Default)]
struct Want {
    /// Its words stay whole, but not names and addresses.
    words: Pt,
    /// Lines of prose hold some words, and names stay whole within reason.
    readable: Pt,
    /// No line is broken.
    most: Pt,
}

impl Want {
    fn or(self, other: Want) -> Want {
        Want {
            words: self.words.max(other.words),
            readable: self.readable.max(other.readable),
            most: self.most.max(other.most),
        }
    }

    fn wider(self, by: Pt) -> Want {
        Want { words: self.words + by, readable: self.readable + by, most: self.most + by }
    }
}

/// Widths of the columns, and the size of the type.
pub fn columns(node: &TableNode, figures: &[Decimal], shaper: &mut Shaper) -> Columns {
    columns_of_rows(node, usize::MAX, figures, shaper)
}

/// How a table fits its place, by as many of its rows as are worth the time.
pub fn fit(node: &TableNode, shaper: &mut Shaper) -> Fit {
    let rows = LOOKED_AT / node.columns.max(1);
    columns_of_rows(node, rows.max(1), &decimals(node, shaper), shaper).fit
}

fn columns_of_rows(node: &TableNode, rows: usize, figures: &[Decimal], shaper: &mut Shaper) -> Columns {
    if let (Some(first), 2) = (node.first_column, node.columns) {
        return Columns { widths: vec![first, node.width - first], scale: 1.0, fit: Fit::Good };
    }
    let (wants, lines) = wants_of_columns(node, rows, figures, shaper);
    let words: Vec<Pt> = wants.iter().map(|want| want.words).collect();
    let readable: Vec<Pt> = wants.iter().map(|want| want.readable).collect();
    let most: Vec<Pt> = wants.iter().map(|want| want.most).collect();
    let sum: Pt = words.iter().sum();
    if sum <= node.width {
        let mut widths = share(&words, &readable, &most, node.width);
        if most.iter().sum::<Pt>() > node.width {
            let floor = if readable.iter().sum::<Pt>() <= node.width { &readable } else { &words };
            shorten(&mut widths, floor, &lines, 2.0 * node.pad_x);
        }
        return Columns { widths, scale: 1.0, fit: Fit::Good };
    }
    let least = node.least_scale.min(1.0);
    if sum * least <= node.width {
        // A little smaller, and every word stays whole.
        let scale = node.width / sum;
        return Columns { widths: words.iter().map(|width| width * scale).collect(), scale, fit: Fit::Good };
    }
    let tight = tightest(node, rows, figures, shaper);
    let tight_sum: Pt = tight.iter().sum();
    if tight_sum * least <= node.width {
        let way = (node.width / least - tight_sum) / (sum - tight_sum).max(0.001);
        let widths = tight.iter().zip(&words).map(|(tight, words)| (tight + (words - tight).max(0.0) * way) * least);
        let fit = if way < LEAST_OF_WORDS { Fit::Narrow } else { Fit::Good };
        return Columns { widths: widths.collect(), scale: least, fit };
    }
    let scale = (node.width / tight_sum).max(SMALLEST_SCALE);
    let scaled: Vec<Pt> = tight.iter().map(|width| width * scale).collect();
    Columns { widths: give_way(&scaled, node.width), scale, fit: Fit::TooWide }
}

/// Whether a table may be too wide for its place: a guess that takes no
/// shaping and never says no where it is.
pub fn may_be_wide(node: &TableNode) -> bool {
    let mut longest = vec![0.0; node.columns];
    for cell in node.head.iter().chain(&node.body).flat_map(|row| &row.cells) {
        for text in cell.nodes.iter().filter_map(|inner| match inner {
            Node::Text(text) => Some(text),
            _ => None,
        }) {
            let words = text.paragraph.text.split([' ', '\n']);
            let width =
                words.map(|word| word.chars().count()).max().unwrap_or(0) as Pt * WIDE_LETTER * text.paragraph.strut.1;
            let own = longest.iter_mut().skip(cell.column).take(cell.colspan);
            own.for_each(|longest: &mut Pt| *longest = longest.max(width / cell.colspan.max(1) as Pt));
        }
    }
    let wanted: Pt = longest.iter().map(|width| width + 2.0 * node.pad_x).sum();
    wanted * node.least_scale.min(1.0) > node.width
}

fn wants_of_columns(
    node: &TableNode,
    limit: usize,
    figures: &[Decimal],
    shaper: &mut Shaper,
) -> (Vec<Want>, Vec<Lines>) {
    let count = node.head.len() + node.body.len();
    let every = count.div_ceil(SAMPLE).max(1);
    let mut rows: Vec<Lines> = Vec::with_capacity(count.min(SAMPLE));
    let mut wants = vec![Want::default(); node.columns];
    let mut spanning: Vec<(usize, usize, Want)> = Vec::new();
    let pad = 2.0 * node.pad_x;
    let all = node.head.iter().chain(&node.body).take(limit).enumerate();
    for (index, cell) in all.flat_map(|(index, row)| row.cells.iter().map(move |cell| (index, cell))) {
        let mut lines = Vec::new();
        let mut own = want(&cell.nodes, node.width, shaper, &mut lines);
        if index % every == 0 {
            rows.resize_with(index / every + 1, Vec::new);
            if let Some(row) = rows.last_mut().filter(|_| cell.colspan == 1 && cell.rowspan == 1) {
                row.push((cell.column, lines));
            }
        }
        own.most = own.most.min(node.width * WIDEST_WANT);
        own = own.wider(pad + HAIR);
        if cell.colspan > 1 {
            spanning.push((cell.column, cell.colspan, own));
        } else if let Some(want) = wants.get_mut(cell.column) {
            *want = want.or(own);
        }
    }
    for (want, figures) in wants.iter_mut().zip(figures) {
        let width = figures.whole + figures.fraction + pad;
        *want = want.or(Want { words: width, readable: width, most: width });
    }
    for (column, span, mut wanted) in spanning {
        let parts: [Part; 3] = [|want| &mut want.words, |want| &mut want.readable, |want| &mut want.most];
        for part in parts {
            let covered: Pt = wants.iter_mut().skip(column).take(span).map(|want| *part(want)).sum();
            let lacking = (*part(&mut wanted) - covered).max(0.0) / span as Pt;
            wants.iter_mut().skip(column).take(span).for_each(|want| *part(want) += lacking);
        }
    }
    for want in &mut wants {
        want.readable = want.readable.max(want.words);
        want.most = want.most.max(want.readable);
    }
    (wants, rows)
}

/// The cells of a row: their columns, and the widths of their lines.
type Lines = Vec<(usize, Vec<Pt>)>;

/// Moves width between columns while the table becomes shorter. `pad` is the horizontal padding of
/// a cell.
fn shorten(widths: &mut [Pt], floor: &[Pt], rows: &[Lines], pad: Pt) {
    let lines = |(column, text): &(usize, Vec<Pt>), widths: &[Pt]| -> Pt {
        let room = widths.get(*column).map_or(1.0, |width| (width - pad) * FILLED).max(1.0);
        text.iter().map(|line| (line / room).ceil().max(1.0)).sum()
    };
    let height = |widths: &[Pt]| -> Pt {
        let tallest = |row: &Lines| row.iter().map(|cell| lines(cell, widths)).fold(1.0, Pt::max);
        rows.iter().map(tallest).sum()
    };
    let mut best = height(widths);
    let mut widths_at_best = widths.to_vec();
    let step = widths.iter().sum::<Pt>() * STEP;
    let mut trial = widths.to_vec();
    let mut in_vain = 0;
    while in_vain < STEPS {
        // The column that makes most rows as tall as they are takes from another.
        let mut needs = vec![0.0; widths.len()];
        for row in rows {
            let tallest = row.iter().max_by(|one, other| lines(one, widths).total_cmp(&lines(other, widths)));
            if let Some((need, cell)) = tallest.and_then(|cell| Some((needs.get_mut(cell.0)?, cell))) {
                *need += lines(cell, widths) - 1.0;
            }
        }
        let Some((to, _)) = needs.iter().enumerate().max_by(|(_, one), (_, other)| one.total_cmp(other)) else { break };
        let mut found = None;
        for from in (0..widths.len()).filter(|from| *from != to) {
            if widths.get(from).zip(floor.get(from)).is_none_or(|(width, floor)| width - step < *floor) {
                continue;
            }
            trial.copy_from_slice(widths);
            if let Some(width) = trial.get_mut(from) {
                *width -= step;
            }
            if let Some(width) = trial.get_mut(to) {
                *width += step;
            }
            let high = height(&trial);
            if found.is_none_or(|(least, _)| high < least) {
                found = Some((high, from));
            }
        }
        let Some((high, from)) = found else { break };
        if let Some(width) = widths.get_mut(from) {
            *width -= step;
        }
        if let Some(width) = widths.get_mut(to) {
            *width += step;
        }
        // A step without gain may make a later gain possible; otherwise it is undone.
        in_vain += 1;
        if high < best {
            best = high;
            in_vain = 0;
            widths_at_best.copy_from_slice(widths);
        }
    }
    widths.copy_from_slice(&widths_at_best);
}

/// The wanted widths of nodes that were built for a width. The widths of their lines, as the author
/// ended them, are added to `lines`.
fn want(nodes: &[Node], built: Pt, shaper: &mut Shaper, lines: &mut Vec<Pt>) -> Want {
    let mut all = Want::default();
    for node in nodes {
        let own = match node {
            Node::Text(text) => {
                let prepared = shape_paragraph(&text.paragraph, shaper);
                let natural = natural_widths(&prepared);
                natural_lines(&prepared, lines);
                let lines = natural.most.min(READABLE * text.paragraph.strut.1);
                let whole = Some(natural.whole).filter(|whole| *whole <= built * WHOLE_SHARE).unwrap_or_default();
                let readable = natural.words.max(lines).max(whole);
                Want { words: natural.words, readable, most: natural.most }.wider(built - text.width)
            }
            Node::Picture(picture) => {
                let least = picture.width.min(built * 0.2);
                Want { words: least, readable: least, most: picture.width }.wider(picture.x)
            }
            Node::Code(code) => {
                let longest = code.text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
                let column = code.type_style.size * 0.6;
                lines.extend(code.text.lines().map(|line| column * line.chars().count() as Pt));
                let least = column * longest.min(16) as Pt;
                let readable = (column * (longest + 1) as Pt).min(built * WHOLE_SHARE).max(least);
                Want { words: least, readable, most: column * (longest + 1) as Pt }.wider(built - code.width)
            }
            Node::Table(table) => {
                let figures = decimals(table, shaper);
                let width: Pt = columns(table, &figures, shaper).widths.iter().sum();
                Want { words: width * 0.5, readable: width * 0.5, most: width }.wider(built - table.width)
            }
            // No cell holds what is shared.
            Node::Shared(_)
            | Node::Space(_)
            | Node::Penalty(_)
            | Node::BeginBackground(_)
            | Node::EndBackground
            | Node::Rule { .. }
            | Node::Kern(_)
            | Node::Bar { .. }
            | Node::PageOrientation(_) => continue,
        };
        all = all.or(own);
    }
    all
}

/// The narrowest columns that break no figure, and words only at hyphens and
/// joints.
fn tightest(node: &TableNode, rows: usize, figures: &[Decimal], shaper: &mut Shaper) -> Vec<Pt> {
    let mut least = vec![0.0; node.columns];
    let mut spanning: Vec<(usize, usize, Pt)> = Vec::new();
    let pad = 2.0 * node.pad_x;
    for cell in node.head.iter().chain(&node.body).take(rows).flat_map(|row| &row.cells) {
        let mut own: Pt = 0.0;
        for inner in &cell.nodes {
            own = own.max(match inner {
                Node::Text(text) => {
                    let prepared = shape_paragraph(&text.paragraph, shaper);
                    narrowest(&text.paragraph, &prepared, shaper) + node.width - text.width
                }
                other => want(std::slice::from_ref(other), node.width, shaper, &mut Vec::new()).words,
            });
        }
        own += pad + HAIR;
        if cell.colspan > 1 {
            spanning.push((cell.column, cell.colspan, own));
        } else if let Some(least) = least.get_mut(cell.column) {
            *least = Pt::max(*least, own);
        }
    }
    for (least, figures) in least.iter_mut().zip(figures) {
        *least = Pt::max(*least, figures.whole + figures.fraction + pad);
    }
    for (column, span, wanted) in spanning {
        let covered: Pt = least.iter().skip(column).take(span).sum();
        let lacking = (wanted - covered).max(0.0) / span as Pt;
        least.iter_mut().skip(column).take(span).for_each(|width| *width += lacking);
    }
    least
}

/// Shares the available width among columns, which hold at least their words.
fn share(words: &[Pt], readable: &[Pt], most: &[Pt], available: Pt) -> Vec<Pt> {
    let sum = |widths: &[Pt]| widths.iter().sum::<Pt>();
    if sum(most) <= available || sum(readable) <= available {
        return column_widths(readable, most, available);
    }
    let way = (available - sum(words)) / (sum(readable) - sum(words)).max(0.001);
    words.iter().zip(readable).map(|(words, readable)| words + (readable - words) * way).collect()
}

/// Columns that are wider than their place together: the widest give way first.
fn give_way(least: &[Pt], available: Pt) -> Vec<Pt> {
    let mut limit = available;
    for _ in 0..least.len() {
        let wide = least.iter().filter(|width| **width > limit).count();
        let rest: Pt = available - least.iter().filter(|width| **width <= limit).sum::<Pt>();
        let next = if wide == 0 { limit } else { (rest / wide as Pt).max(1.0) };
        if (next - limit).abs() < 0.01 {
            break;
        }
        limit = next;
    }
    let widths: Vec<Pt> = least.iter().map(|width| width.min(limit)).collect();
    let factor = available / widths.iter().sum::<Pt>().max(1.0);
    widths.iter().map(|width| width * factor).collect()
}

/// Shares the available width among columns whose content wants to be between
/// `least`, for which there is room, and `most` wide.
fn column_widths(least: &[Pt], most: &[Pt], available: Pt) -> Vec<Pt> {
    let (least_sum, most_sum): (Pt, Pt) = (least.iter().sum(), most.iter().sum());
    if most_sum <= available {
        // Narrow tables stay narrow; others fill the measure, so that tables
        // of a document look alike.
        let target = if most_sum < available * NARROW { (most_sum * NARROW_GROWTH).min(available) } else { available };
        let factor = target / most_sum.max(1.0);
        return most.iter().map(|width| width * factor).collect();
    }
    // Wants beyond the minimum grow less than proportionally: twice the text does not make a column
    // twice as wide.
    let wants: Vec<Pt> = least.iter().zip(most).map(|(least, most)| (most - least).max(0.0).powf(WANT_POWER)).collect();
    let want_sum: Pt = wants.iter().sum::<Pt>().max(0.001);
    let spare = available - least_sum;
    let mut widths: Vec<Pt> = least.iter().zip(&wants).map(|(least, want)| least + spare * want / want_sum).collect();
    // No column is wider than its content; what it leaves goes to the others.
    for _ in 0..widths.len() {
        let mut left = 0.0;
        let mut open = 0.0;
        for (width, most) in widths.iter_mut().zip(most) {
            if *width > *most {
                left += *width - *most;
                *width = *most;
            } else if *width < *most {
                open += *most - *width;
            }
        }
        if left < 0.01 || open <= 0.0 {
            break;
        }
        for (width, most) in widths.iter_mut().zip(most) {
            if *width < *most {
                *width += left * (*most - *width) / open;
            }
        }
    }
    widths
}

/// A table narrower than this share of the measure is not stretched to it.
const NARROW: Pt = 0.55;
/// But given a little air.
const NARROW_GROWTH: Pt = 1.15;
const WANT_POWER: Pt = 0.7;

/// The figures of each column that is aligned on its decimal signs.
pub fn decimals(node: &TableNode, shaper: &mut Shaper) -> Vec<Decimal> {
    let mut out = vec![Decimal::default(); node.columns];
    for cell in node.body.iter().flat_map(|row| &row.cells) {
        if let (Some(sign), [Node::Text(text)], Some(slot)) =
            (cell.decimal, cell.nodes.as_slice(), out.get_mut(cell.column))
        {
            let prepared = shape_paragraph(&text.paragraph, shaper);
            let (whole, fraction) =
                decimal_widths(&text.paragraph.text, &prepared, sign, shaper, text.paragraph.strut.1);
            slot.whole = slot.whole.max(whole);
            slot.fraction = slot.fraction.max(fraction);
        }
    }
    out
}

/// Widths of a figure before its decimal sign, and from the sign on.
pub fn decimal_widths(text: &str, prepared: &Prepared, sign: char, shaper: &Shaper, size: Pt) -> (Pt, Pt) {
    let total: Pt = prepared.pieces.iter().map(|piece| piece.width).sum();
    let digit_after =
        |at: usize| text.get(at + sign.len_utf8()..).is_some_and(|rest| rest.starts_with(char::is_numeric));
    let Some(at) = text.rfind(sign).filter(|at| digit_after(*at)) else { return (total, 0.0) };
    let mut whole = 0.0;
    for piece in prepared.pieces.iter() {
        if piece.end <= at {
            whole += piece.width;
        } else if let (true, InlineItemKind::Word(word)) = (piece.start <= at, piece.kind) {
            whole += shaper.width_before(word, at - piece.start) * size;
        }
    }
    (whole, total - whole)
}

#[cfg(test)]
mod tests {
    use super::{Lines, column_widths, give_way, share, shorten};

    fn sum(widths: &[f32]) -> f32 {
        widths.iter().sum()
    }

    #[test]
    fn columns_share_the_measure() {
        // Everything fits: the measure is filled.
        assert!((sum(&column_widths(&[10.0, 10.0], &[60.0, 30.0], 100.0)) - 100.0).abs() < 0.1);
        // Text is broken: the long column is the wider one.
        let widths = column_widths(&[20.0, 20.0], &[50.0, 500.0], 100.0);
        assert!(widths[0] >= 20.0 && widths[1] > widths[0]);
        assert!((sum(&widths) - 100.0).abs() < 0.1);
    }

    #[test]
    fn prose_is_not_crushed_by_what_stands_beside_it() {
        // A name of 300 points beside prose whose longest word takes 40.
        let widths = share(&[40.0, 60.0], &[80.0, 120.0], &[600.0, 300.0], 150.0);
        assert!(widths[0] > 55.0 && (sum(&widths) - 150.0).abs() < 0.1, "{widths:?}");
    }

    #[test]
    fn width_goes_where_it_makes_rows_shorter() {
        // One long cell in the first column, three in the second.
        let names = [600.0, 30.0, 30.0, 30.0];
        let rows: Vec<Lines> = names.into_iter().map(|name| vec![(0, vec![name]), (1, vec![600.0])]).collect();
        let mut widths = [100.0, 100.0];
        shorten(&mut widths, &[40.0, 40.0], &rows, 10.0);
        assert!(widths[1] > 115.0 && (sum(&widths) - 200.0).abs() < 0.1, "{widths:?}");
        // Nothing is gained at the price of what must stay whole.
        let mut widths = [100.0, 100.0];
        shorten(&mut widths, &[99.0, 99.0], &rows, 10.0);
        assert_eq!(widths, [100.0, 100.0]);
    }

    #[test]
    fn no_column_vanishes() {
        assert_eq!(give_way(&[20.0, 200.0], 100.0), [20.0, 80.0]);
    }
}
