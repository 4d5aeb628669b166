//! The theme of a document, with the files that it names: a logo and fonts.

use crate::diagnostic::{Code, Diagnostic, Diagnostics, Guess, guess};
use crate::layout::check_font;
use crate::project::PROJECT_FILE;
use crate::resolve::{Context, Resolved, load_picture};
use crate::source::{FileId, Files, Source, Sources, Span, relative_path};
use crate::theme::{Theme, place_of};

/// Ending of the files that hold themes.
const THEME_ENDING: &str = ".toml";

/// The theme of a document: the one its front matter names, else its
/// collection's or the project's. A name is a built-in theme's, or the path of
/// a theme file: relative to the document in front matter, to the root in the
/// project file.
pub fn theme(
    path: &str,
    document: Option<&mut Resolved>,
    context: &Context,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Theme {
    let own = document.as_ref().and_then(|document| document.metadata.theme.clone());
    let (name, span) = match &own {
        Some(own) => (own.value.as_str(), own.span),
        None => (context.project.theme_of(path), None),
    };
    if let Some(theme) = Theme::builtin(name) {
        return theme;
    }
    let mut report = |message: String, near: Option<Guess>, hint: Option<String>| {
        let problem = match span {
            Some(span) => Diagnostic::new(Code::BadTheme, span, message),
            None => Diagnostic::without_place(Code::BadTheme, message),
        };
        // A name that is near is the better hint.
        diagnostics.push(problem.maybe_hint(hint).guess(near));
    };
    if !name.ends_with(THEME_ENDING) {
        let near = guess(name, Theme::names());
        let themes: Vec<String> = Theme::names().map(|name| format!("`{name}`")).collect();
        let hint = format!("take one of {}, or name the file of your own: `{name}{THEME_ENDING}`", themes.join(", "));
        report(format!("there is no theme `{name}`"), near, Some(hint));
        return Theme::default();
    }
    // The place of a name without one is in the project file, at the root.
    let from = if span.is_some() { path } else { PROJECT_FILE };
    let Ok(path) = relative_path(from, name) else {
        report(format!("the path {name} leaves the project"), None, None);
        return Theme::default();
    };
    let Some(file) = crate::load(&path, context.files, sources, diagnostics) else { return Theme::default() };
    let text = sources.get(file).map(Source::text).unwrap_or_default();
    match Theme::parse(text, &Theme::default()) {
        Ok(mut theme) => {
            let mut loader = Loader { path: &path, file, text, files: context.files, diagnostics };
            loader.fonts(&mut theme);
            if let Some(document) = document {
                loader.logo(&mut theme, document);
            }
            theme
        }
        Err(error) => {
            let place = Span::new(file, error.range.start, error.range.end);
            diagnostics.push(Diagnostic::new(Code::BadTheme, place, error.message));
            Theme::default()
        }
    }
}

/// Reads the files that a theme names, by paths from the theme's own file.
struct Loader<'a> {
    path: &'a str,
    file: FileId,
    text: &'a str,
    files: &'a dyn Files,
    diagnostics: &'a mut Diagnostics,
}

impl Loader<'_> {
    /// The place of a path in the theme.
    fn span(&self, written: &str) -> Span {
        let range = place_of(self.text, &format!("\"{written}\"")).unwrap_or(0..self.text.len().min(1));
        Span::new(self.file, range.start, range.end)
    }

    /// Reads the font files. A face that cannot be used is taken out, and the
    /// nearest one stands in.
    fn fonts(&mut self, theme: &mut Theme) {
        for family in &mut theme.fonts.own {
            family.faces.retain_mut(|face| {
                let read = relative_path(self.path, &face.file)
                    .and_then(|path| self.files.read(&path))
                    .map_err(|error| error.to_string());
                let checked = read.and_then(|bytes| check_font(&bytes).map(|()| bytes).map_err(str::to_owned));
                match checked {
                    Ok(bytes) => {
                        face.bytes = bytes.into();
                        true
                    }
                    Err(fault) => {
                        let message = format!("the font `{}` cannot be used: {fault}", face.file);
                        let span = self.span(&face.file);
                        self.diagnostics.push(Diagnostic::new(Code::BadTheme, span, message));
                        false
                    }
                }
            });
        }
    }

    /// Reads the logo, and puts it among the document's pictures.
    fn logo(&mut self, theme: &mut Theme, document: &mut Resolved) {
        let Some(logo) = &theme.logo else { return };
        let span = self.span(logo);
        if let Some(picture) = load_picture(logo, span, self.path, self.files, self.diagnostics) {
            theme.logo_picture = Some(document.pictures.len());
            document.pictures.push(picture);
        }
    }
}
