//! Pages in landscape, for what is too wide for the others.

use super::columns::{Fit, fit, may_be_wide};
use super::grid::resize;
use super::node::{Keep, Node, Orientation, TableNode, Widening};
use super::parallel::Typesetter;
use super::shape::Shaper;
use super::table::TALLEST_ROW;
use crate::theme::Theme;

/// Gives tables that are too wide for the page a page in landscape.
pub fn wide_tables(nodes: Vec<Node>, theme: &Theme, typesetter: &Typesetter) -> Vec<Node> {
    let is_candidate = |node: &Node| match node {
        Node::Table(table) => table.wider == Widening::LandscapePage && may_be_wide(table),
        _ => false,
    };
    if !nodes.iter().any(is_candidate) {
        return nodes;
    }
    let mut shaper = typesetter.shaper();
    let mut out = Vec::with_capacity(nodes.len() + 2);
    for node in nodes {
        shaper.tidy();
        match node {
            Node::Table(mut table) if table.wider == Widening::LandscapePage && may_be_wide(&table) => {
                if rebuild_in_landscape(&mut table, theme, &mut shaper) {
                    let pages = [Orientation::Landscape, Orientation::Portrait].map(Node::PageOrientation);
                    let [landscape, portrait] = pages;
                    out.extend([landscape, Node::Table(table), portrait]);
                } else {
                    out.push(Node::Table(table));
                }
            }
            node => out.push(node),
        }
    }
    out
}

/// Builds a table for a page in landscape if it does not fit one in portrait.
fn rebuild_in_landscape(table: &mut TableNode, theme: &Theme, shaper: &mut Shaper) -> bool {
    if fit(table, shaper) == Fit::Good {
        return false;
    }
    let page = &theme.page;
    let width = page.size.height - page.margin_left.0 - page.margin_right.0;
    for cell in table.head.iter_mut().chain(&mut table.body).flat_map(|row| &mut row.cells) {
        resize(&mut cell.nodes, width, table.width);
    }
    table.width = width;
    table.tallest = page.measure() * TALLEST_ROW;
    table.wider = Widening::None;
    true
}

/// Parts of the flow that are on pages of one orientation.
pub fn segments(nodes: Vec<Node>) -> Vec<(Orientation, Vec<Node>)> {
    let mut out = vec![(Orientation::Portrait, Vec::new())];
    for node in nodes {
        if let Node::PageOrientation(orientation) = node {
            let mut kept = out.last_mut().map_or_else(Vec::new, |(_, last)| kept_with_next(last));
            if let Some((_, first)) = out.last_mut().filter(|(_, last)| !last.iter().any(Node::has_words)) {
                // Ornaments above the title have no page of their own.
                kept.splice(0..0, first.drain(..));
            }
            let is_idle = out.last().is_some_and(|(_, last)| last.iter().all(|node| matches!(node, Node::Space(_))));
            if is_idle && out.len() > 1 {
                // There is no break between two parts of one orientation.
                out.pop();
            }
            match out.last_mut() {
                Some((before, last)) if *before == orientation => last.extend(kept),
                _ => out.push((orientation, kept)),
            }
        } else if let Some((_, last)) = out.last_mut() {
            last.push(node);
        }
    }
    out
}

/// Takes the headings off a flow's end: they are on the page that they announce, whichever way that
/// is turned.
fn kept_with_next(flow: &mut Vec<Node>) -> Vec<Node> {
    let announces = |node: &Node| match node {
        Node::Space(_) => true,
        node => node.keep() == Some(Keep::WithNext),
    };
    let kept = flow.iter().rev().take_while(|node| announces(node)).count();
    flow.split_off(flow.len() - kept)
}
