//! Formulas in lines, and on lines of their own with the number at the margin.

use super::math::OfficeMath;
use super::order::Property;
use super::style::{Alignment, Role, Style};
use super::table::Grid;
use super::table_style::TableRole;
use super::writer::Writer;
use crate::ast::{Attrs, Equation, Math};
use crate::resolve::{Label, ResolvedStage};

/// The shares of both margins and of the formula between them.
const SHARES: [f32; 3] = [0.14, 0.72, 0.14];

impl Writer<'_> {
    /// A formula in a line.
    pub fn formula(&mut self, content: &[Math]) {
        self.flush();
        let change = self.context.change;
        self.tracked(change, |w| OfficeMath::in_line(&mut w.out, content));
    }

    /// A formula on lines of its own. One with a number is in a table without borders: between
    /// texts Word would set it as small as in a line.
    pub fn equation(&mut self, equation: &Equation<ResolvedStage>, attrs: &Attrs) {
        self.start_item();
        let content = &equation.formula.content;
        // A formula that one version has is taken back with its paragraph: in a table it would
        // need a row of its own, and on lines of its own nothing tracks it.
        if self.side().is_some() {
            return self.paragraph(self.style(Role::Equation), |w| {
                w.mark_place(attrs.id().filter(|_| equation.label.is_none()));
                w.formula(content);
                if let Some(label) = &equation.label {
                    w.text("\t(");
                    w.bookmark(attrs.id(), |w| w.equation_number(label));
                    w.text(")");
                }
            });
        }
        let Some(label) = &equation.label else {
            return self.paragraph(self.style(Role::Equation), |w| {
                w.mark_place(attrs.id());
                OfficeMath::on_lines(&mut w.out, content);
            });
        };
        let grid = Grid {
            role: TableRole::Equation,
            shares: &SHARES,
            name: &label.text,
            has_head: false,
            has_row_headers: false,
        };
        self.grid(&grid, |w| {
            w.within(
                |context| {
                    context.in_cell = true;
                    context.depth = 0;
                },
                |w| w.element("w:tr", &[], |w| w.numbered(content, label, attrs.id())),
            );
        });
    }

    fn numbered(&mut self, content: &[Math], label: &Label, id: Option<&str>) {
        let middle = || vec![Property::with_value("w:vAlign", "center")];
        let style = Style { align: Alignment::Start, ..self.style(Role::Equation) };
        self.cell(0, 1, middle(), |w| w.paragraph(style, |_| {}));
        self.cell(1, 1, middle(), |w| w.paragraph(style, |w| OfficeMath::on_lines(&mut w.out, content)));
        self.cell(2, 1, middle(), |w| {
            w.paragraph(Style { align: Alignment::End, ..style }, |w| {
                w.text("(");
                w.bookmark(id, |w| w.equation_number(label));
                w.text(")");
            });
        });
    }

    fn equation_number(&mut self, label: &Label) {
        let side = self.side();
        match self.sequences.next(label, side) {
            Some(sequence) => self.field(&sequence.instruction, |w| w.text(&label.number)),
            None => self.text(&label.number),
        }
    }
}
