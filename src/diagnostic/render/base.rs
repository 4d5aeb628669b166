//! The base of paths in messages: the user's current folder, so that the paths can be opened,
//! whatever folder the project is in.

use std::path::{Component, Path};

/// The way from the folder of the user to the project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Base {
    /// Folders of the user's place that the project's does not share.
    up: usize,
    /// Folders of the project's place that the user's does not share.
    down: Vec<String>,
    /// The folders that are gone up through, innermost last.
    left: Vec<String>,
}

impl Base {
    /// The way from `here` to `root`, both canonical.
    pub fn between(here: &Path, root: &Path) -> Base {
        let names = |path: &Path| -> Vec<String> {
            path.components()
                .filter_map(|part| match part {
                    Component::Normal(_) | Component::Prefix(_) => {
                        Some(part.as_os_str().to_string_lossy().into_owned())
                    }
                    Component::RootDir | Component::CurDir | Component::ParentDir => None,
                })
                .collect()
        };
        let (here, root) = (names(here), names(root));
        let shared = here.iter().zip(&root).take_while(|(one, other)| one == other).count();
        let rest = |names: Vec<String>| names.into_iter().skip(shared).collect::<Vec<_>>();
        let (left, down) = (rest(here), rest(root));
        Base { up: left.len(), down, left }
    }

    /// Whether the user is in a folder of the project or beside it, so that paths leave that
    /// folder.
    pub fn leaves(&self) -> bool {
        self.up > 0
    }

    /// A path from the working directory as a path from the project's root, if it is below that.
    pub fn from_root(&self, shown: &str) -> String {
        let mut names: Vec<&str> = self.left.iter().map(String::as_str).collect();
        for name in shown.split('/') {
            match name {
                "." => {}
                ".." if !names.is_empty() => drop(names.pop()),
                name => names.push(name),
            }
        }
        let below = names.iter().zip(&self.down).filter(|(name, down)| name == down).count() == self.down.len();
        if shown.starts_with('/') || !below {
            shown.to_owned()
        } else {
            names.get(self.down.len()..).unwrap_or_default().join("/")
        }
    }

    /// A path from the project's root as a path from the working directory.
    pub fn shown(&self, path: &str) -> String {
        let names = || self.down.iter().map(String::as_str).chain(path.split('/'));
        // For a project above the current folder, common folders are not left.
        let same = names().zip(&self.left).take_while(|(name, left)| name == left).count();
        let same = same.min(names().count().saturating_sub(1));
        let up = std::iter::repeat_n("..", self.up - same);
        up.chain(names().skip(same)).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::Base;
    use std::path::Path;

    fn shown(here: &str, root: &str, path: &str) -> String {
        Base::between(Path::new(here), Path::new(root)).shown(path)
    }

    #[test]
    fn paths_are_counted_back_to_the_root() {
        let back = |here: &str, root: &str, path: &str| Base::between(Path::new(here), Path::new(root)).from_root(path);
        assert_eq!(back("/a/b/source", "/a/b", "x.md"), "source/x.md");
        assert_eq!(back("/a/b/source/deep", "/a/b", "../../outputs/x.html"), "outputs/x.html");
        assert_eq!(back("/a/c", "/a/b", "../b/x.md"), "x.md");
        assert_eq!(back("/a/c", "/a/b", "x.md"), "x.md");
        assert_eq!(back("/a/b/source", "/a/b", "/tmp/x.md"), "/tmp/x.md");
    }

    #[test]
    fn paths_are_counted_from_where_the_user_stands() {
        assert_eq!(shown("/a/b", "/a/b", "source/x.md"), "source/x.md");
        assert_eq!(shown("/a", "/a/b", "source/x.md"), "b/source/x.md");
        assert_eq!(shown("/a/b/source", "/a/b", "source/x.md"), "x.md");
        assert_eq!(shown("/a/b/source/deep", "/a/b", "source/x.md"), "../x.md");
        assert_eq!(shown("/a/b/source", "/a/b", "chancery.toml"), "../chancery.toml");
        assert_eq!(shown("/a/c", "/a/b", "x.md"), "../b/x.md");
        assert_eq!(Base::default().shown("x.md"), "x.md");
    }
}
