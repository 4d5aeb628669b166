//! How wide the columns of a table are. Nothing is measured: Word sets the text with fonts
//! that may be others.

use super::writer::Writer;
use crate::ast::{BlockKind, Table, place_cells, plain_text};
use crate::resolve::{RBlock, ResolvedStage};
use crate::theme::{Medium, ParagraphRole};

/// The widest that one column is held to be, and the least, in characters.
const WIDEST: usize = 60;
const LEAST: usize = 4;
/// The longest word that has a line of its own. Longer ones are addresses and the like.
const LONGEST_WORD: usize = 30;
/// How wide a character of a word is held to be, in parts of the size of type: as digits in bold
/// type are in the widest of the usual fonts.
const CHARACTER: f32 = 0.7;
/// How many characters wide the sign of an item is.
const SIGN: usize = 4;

impl Writer<'_> {
    /// The share of the room that each column takes: more for what is long, and no less than
    /// its longest word needs, where there is room for that.
    pub fn shares(&self, table: &Table<ResolvedStage>, columns: usize) -> Vec<f32> {
        let mut needs = vec![LEAST; columns];
        let mut words = vec![0; columns];
        for rows in [&table.head, &table.body] {
            for cell in place_cells(rows, columns).iter().flatten().filter(|cell| cell.columns == 1) {
                let length = cell.cell.blocks.iter().map(length).max().unwrap_or_default().min(WIDEST);
                let word = longest_word(&cell.cell.blocks).min(LONGEST_WORD);
                if let (Some(need), Some(longest)) = (needs.get_mut(cell.column), words.get_mut(cell.column)) {
                    *need = (*need).max(length);
                    *longest = word.max(*longest);
                }
            }
        }
        // Long columns break their lines: the square root lets short ones have their width.
        let needs: Vec<f32> = needs.into_iter().map(|need| (need as f32).sqrt()).collect();
        let whole: f32 = needs.iter().sum();
        let shares: Vec<f32> = needs.into_iter().map(|need| need / whole).collect();
        let cell = self.theme.paragraph_style(ParagraphRole::Cell, self.theme.among_running_text(Medium::Word));
        let size = cell.characters.size.unwrap_or(self.theme.running_text().size);
        let padding = 2.0 * self.theme.table.pad_x.0;
        let least = words.into_iter().map(|word| (word as f32 * CHARACTER * size + padding) / self.context.measure);
        with_room_for_words(shares, &least.collect::<Vec<f32>>())
    }
}

/// Widens columns that are too narrow for their words by what the others can spare.
fn with_room_for_words(shares: Vec<f32>, least: &[f32]) -> Vec<f32> {
    let lack: f32 = shares.iter().zip(least).map(|(share, least)| (least - share).max(0.0)).sum();
    let spare: f32 = shares.iter().zip(least).map(|(share, least)| (share - least).max(0.0)).sum();
    if lack == 0.0 {
        return shares;
    }
    let given = (lack / spare.max(f32::MIN_POSITIVE)).min(1.0);
    let taken = if lack > spare { spare / lack } else { 1.0 };
    let widened = shares.iter().zip(least).map(|(share, least)| match share - least {
        more if more > 0.0 => share - more * given,
        less => share - less * taken,
    });
    widened.collect()
}

fn length(block: &RBlock) -> usize {
    match &block.kind {
        BlockKind::Paragraph(content) => plain_text(content).chars().count(),
        _ => WIDEST,
    }
}

/// The characters of the longest word that is not broken.
fn longest_word(blocks: &[RBlock]) -> usize {
    let of_block = |block: &RBlock| match &block.kind {
        BlockKind::Paragraph(content) => {
            let words = plain_text(content);
            words.split(may_break).map(|word| word.chars().count()).max().unwrap_or_default()
        }
        BlockKind::List(list) => {
            list.items.iter().map(|item| longest_word(&item.blocks) + SIGN).max().unwrap_or_default()
        }
        _ => 0,
    };
    blocks.iter().map(of_block).max().unwrap_or_default()
}

/// Whether a line may end at a character.
fn may_break(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '\u{200b}') || (c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}'))
}
