//! Styles of tables: for data, for document control, for panels and admonitions (tables of one
//! cell), and for formulas with their numbers.

use super::order::{self, Property};
use super::style::twips;
use crate::backend::markup::Markup;
use crate::theme::{Color, Medium, PanelRole, Pt, Theme};

/// The role of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableRole {
    Data,
    Control,
    Panel,
    Warning,
    /// Holds a formula and its number.
    Equation,
}

impl TableRole {
    /// The id of its style.
    pub const fn style(self) -> &'static str {
        match self {
            TableRole::Data => "DocumentTable",
            TableRole::Control => "ControlTable",
            TableRole::Panel => "Panel",
            TableRole::Warning => "WarningPanel",
            TableRole::Equation => "EquationTable",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            TableRole::Data => "Document Table",
            TableRole::Control => "Control Table",
            TableRole::Panel => "Panel",
            TableRole::Warning => "Warning Panel",
            TableRole::Equation => "Equation Table",
        }
    }
}

/// Writes the styles of tables.
pub fn write(out: &mut Markup, theme: &Theme) {
    let attributes = [("w:type", "table"), ("w:default", "1"), ("w:styleId", "TableNormal")];
    out.element("w:style", &attributes, |out| {
        out.empty("w:name", &[("w:val", "Normal Table")]);
        out.empty("w:uiPriority", &[("w:val", "99")]);
        out.empty("w:semiHidden", &[]);
        let none = Property::new("w:tblInd").with("w:w", 0).with("w:type", "dxa");
        order::write(out, "w:tblPr", vec![none, padding(0.0, 0.0)]);
    });
    let all = [TableRole::Data, TableRole::Control, TableRole::Panel, TableRole::Warning, TableRole::Equation];
    for role in all {
        table_style(out, role, theme);
    }
}

fn table_style(out: &mut Markup, role: TableRole, theme: &Theme) {
    let colors = &theme.colors;
    let attributes = [("w:type", "table"), ("w:customStyle", "1"), ("w:styleId", role.style())];
    let (pad_y, pad_x) = (theme.table.pad_y.0, theme.table.pad_x.0);
    let panel = |role| {
        let panel = theme.panel_style(role, Medium::Word);
        let bar = panel.bar.map(|color| borders(vec![rule("w:left", 24, color)]));
        let properties = bar.into_iter().chain([padding(panel.pad_y, panel.pad_x)]);
        (properties.collect(), Some(panel.background))
    };
    let ruled =
        || vec![rule("w:top", 8, colors.accent), rule("w:bottom", 8, colors.accent), rule("w:insideH", 4, colors.rule)];
    let (properties, background) = match role {
        TableRole::Data => (vec![borders(ruled()), padding(pad_y, pad_x)], None),
        TableRole::Control => (vec![borders(ruled()), padding(pad_y / 2.0, pad_x)], None),
        TableRole::Panel => panel(PanelRole::Panel),
        TableRole::Warning => panel(PanelRole::Warning),
        TableRole::Equation => (vec![padding(0.0, 0.0)], None),
    };
    out.element("w:style", &attributes, |out| {
        out.empty("w:name", &[("w:val", role.name())]);
        out.empty("w:basedOn", &[("w:val", "TableNormal")]);
        out.empty("w:qFormat", &[]);
        order::write(out, "w:tblPr", properties);
        order::write(out, "w:tcPr", background.map(shade).into_iter().collect());
        if role == TableRole::Data {
            out.element("w:tblStylePr", &[("w:type", "firstRow")], |out| {
                let line = Property::new("w:tcBorders").holding(vec![rule("w:bottom", 8, colors.accent)]);
                order::write(out, "w:tcPr", vec![line]);
            });
        }
    });
}

fn borders(sides: Vec<Property>) -> Property {
    Property::new("w:tblBorders").holding(sides)
}

fn rule(side: &'static str, eighths: u32, color: Color) -> Property {
    let color = color.to_string().trim_start_matches('#').to_uppercase();
    Property::with_value(side, "single").with("w:sz", eighths).with("w:space", 0).with("w:color", color)
}

fn shade(color: Color) -> Property {
    let color = color.to_string().trim_start_matches('#').to_uppercase();
    Property::with_value("w:shd", "clear").with("w:color", "auto").with("w:fill", color)
}

fn padding(vertical: Pt, horizontal: Pt) -> Property {
    let side = |name, points| Property::new(name).with("w:w", twips(points)).with("w:type", "dxa");
    Property::new("w:tblCellMar").holding(vec![
        side("w:top", vertical),
        side("w:left", horizontal),
        side("w:bottom", vertical),
        side("w:right", horizontal),
    ])
}
