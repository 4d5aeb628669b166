//! Renaming of files and folders: links to them are updated (LSP 3.17,
//! `workspace/willRenameFiles`).

use super::open::Open;
use super::position::path_of;
use super::server::address;
use super::symbols::{Kind, Name, Reading};
use crate::resolve::relative;
use crate::source::{Source, percent, relative_path};
use serde_json::{Map, Value, json};

/// Characters that would end a link and must be encoded.
const ENDS_LINK: [char; 5] = [' ', '(', ')', '<', '>'];

/// Edits that update the paths in all sources of a project.
pub fn moved(open: &mut Open, params: &Value) -> Value {
    let files = params["files"].as_array().map(Vec::as_slice).unwrap_or_default();
    let paths =
        files.iter().filter_map(|file| Some([path_of(file["oldUri"].as_str()?)?, path_of(file["newUri"].as_str()?)?]));
    let paths: Vec<_> = paths.collect();
    let Some(Ok(project_file)) = paths.first().map(|[old, _]| open.project_file(old)) else { return Value::Null };
    let workspace = &project_file.workspace;
    let moves = paths.iter().filter_map(|[old, new]| Some((workspace.inside(old)?, workspace.inside(new)?)));
    let moves = Moves(moves.collect());
    let mut changes: Map<String, Value> = Map::new();
    for path in workspace.sources(&[]).unwrap_or_default() {
        let Some(text) = workspace.with_files(|files| files.read(&path)).ok().and_then(|b| String::from_utf8(b).ok())
        else {
            continue;
        };
        let source = Source::new(path.as_str(), text);
        let is_there = |target: &str| workspace.root().join(target).exists();
        let edits = Reading::from_text(source.text()).names(|_| true).into_iter().filter_map(|name| {
            let written = moves.written(&name, &source, is_there)?;
            Some(json!({ "range": open.encoding.range(&source, name.range), "newText": written }))
        });
        let edits: Vec<Value> = edits.collect();
        if !edits.is_empty() {
            changes.insert(address(&path, &project_file), edits.into());
        }
    }
    json!({ "changes": changes })
}

/// Paths from the root of a project, before and after.
struct Moves(Vec<(String, String)>);

impl Moves {
    /// The path of a file after all renamings.
    fn after(&self, path: &str) -> String {
        let after = self.0.iter().find_map(|(old, new)| match path.strip_prefix(old.as_str())? {
            "" => Some(new.clone()),
            below => below.starts_with('/').then(|| format!("{new}{below}")),
        });
        after.unwrap_or_else(|| path.to_owned())
    }

    /// The new path to write in a source; `None` if nothing changes.
    fn written(&self, name: &Name, source: &Source, is_there: impl Fn(&str) -> bool) -> Option<String> {
        let target = relative_path(source.path(), &percent::decode(&name.text)).ok()?;
        let (path, after) = (self.after(source.path()), self.after(&target));
        if name.kind != Kind::File || (path == source.path() && after == target) || !is_there(&target) {
            return None;
        }
        let written = relative(&path, &after);
        let is_link = source.text().get(..name.range.start)?.ends_with("](");
        let written = if is_link && written.contains(ENDS_LINK) { percent::path(&written) } else { written };
        (written != name.text).then_some(written)
    }
}
