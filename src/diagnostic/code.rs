//! The stable codes. The page that `chancery explain` prints on each is a file
//! in `pages/`.

use super::Severity;
use serde::{Deserialize, Serialize};

/// The area that a code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Group {
    /// Reading files, and the project file.
    Files,
    /// Front matter.
    Metadata,
    /// The text's own syntax.
    Markup,
    /// Links, ids, notes, citations.
    References,
    /// Pictures, fonts and what pages cannot hold.
    Page,
    /// House style and accessibility.
    Style,
}

macro_rules! codes {
    ($($name:ident = $code:literal, $severity:ident, $group:ident, $title:literal;)*) => {
        /// A stable code. Codes are never given a second meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(into = "&'static str", try_from = "String")]
        pub enum Code { $(#[doc = $title] $name,)* }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as users see it, such as `E0101`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// How bad it is unless the project says otherwise.
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }

            /// The part of the work it belongs to.
            pub const fn group(self) -> Group {
                match self { $(Code::$name => Group::$group,)* }
            }

            /// A short name for the kind of problem.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)* }
            }

            /// What it means and what to do, in Markdown.
            pub const fn explanation(self) -> &'static str {
                match self { $(Code::$name => include_str!(concat!("pages/", $code, ".md")),)* }
            }
        }
    };
}

impl Code {
    /// The code a user wrote, in any case.
    pub fn parse(text: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }
}

impl From<Code> for &'static str {
    fn from(code: Code) -> Self {
        code.as_str()
    }
}

impl TryFrom<String> for Code {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Code::parse(&text).ok_or_else(|| format!("there is no code {text:?}"))
    }
}

codes! {
    // Files
    UnreadableFile = "E0001", Error, Files, "a file cannot be read";
    OutsideProject = "E0002", Error, Files, "a path leaves the project";
    InvalidUtf8 = "E0003", Error, Files, "a source is not UTF-8";
    NulByte = "E0004", Error, Files, "a source holds a null byte";
    EmptyFile = "E0005", Error, Files, "a document is empty";
    LimitExceeded = "E0006", Error, Files, "a limit is exceeded";
    BadImage = "E0007", Error, Files, "a picture cannot be used";
    BadProject = "E0008", Error, Files, "chancery.toml is not right";
    DuplicateOutput = "E0009", Error, Files, "two sources want the same edition";
    StaleEdition = "E0010", Error, Files, "an edition is not what its source makes";
    OutputPlace = "E0011", Error, Files, "an edition would be written where it must not be";
    ForeignFile = "E0012", Error, Files, "a file that no build made is in the way";
    UnsafeName = "E0013", Error, Files, "a file's name is not safe";
    UnusedProfile = "W0014", Warning, Files, "a profile for which nothing is meant";
    RunFailed = "E0015", Error, Files, "the run could not do all its work";
    PartUnusable = "E0016", Error, Files, "what shards made cannot be joined";
    Unformatted = "E0017", Error, Files, "a source is not as formatting makes it";
    // Front matter
    BrokenFrontMatter = "E0101", Error, Metadata, "the front matter cannot be read";
    UnclosedFrontMatter = "E0102", Error, Metadata, "the front matter has no end";
    WrongType = "E0103", Error, Metadata, "a key has the wrong type of value";
    InvalidValue = "E0104", Error, Metadata, "a value is not allowed";
    Contradiction = "E0105", Error, Metadata, "the document's data contradict one another";
    UnknownKey = "W0106", Warning, Metadata, "a key is not known";
    // Markup
    UnclosedDirective = "W0201", Warning, Markup, "a directive has no end";
    UnknownDirective = "W0202", Warning, Markup, "a directive is not known";
    StrayDirectiveEnd = "W0203", Warning, Markup, "a directive's end has no beginning";
    BadAttributes = "W0204", Warning, Markup, "attributes cannot be read";
    UnclosedFence = "W0205", Warning, Markup, "a code block has no end";
    RawHtml = "W0206", Warning, Markup, "HTML that Chancery does not pass on";
    UnsafeLink = "W0207", Warning, Markup, "a link that could run code";
    RaggedTable = "W0208", Warning, Markup, "a table's rows differ in length";
    Unsupported = "W0209", Warning, Markup, "a construct that is not supported yet";
    MissingAttribute = "E0210", Error, Markup, "a directive lacks an attribute";
    IncludeCycle = "E0211", Error, Markup, "files include one another";
    BadData = "E0212", Error, Markup, "a data file cannot be used";
    ProfileContent = "E0213", Error, Markup, "content for one format holds something that counts";
    UnknownAttribute = "W0214", Warning, Markup, "an attribute is not known";
    ControlCharacter = "W0215", Warning, Markup, "a control character";
    ForeignSyntax = "W0216", Warning, Markup, "another tool's syntax";
    PartNotDrawn = "W0217", Warning, Markup, "a part of a picture is not drawn";
    PictureNotDrawn = "W0218", Warning, Markup, "a picture of a kind that is not drawn";
    ForeignComment = "W0220", Advice, Markup, "comments of another tool";
    NotForAll = "E0221", Error, Markup, "something may be hidden and would be printed";
    NotPublished = "E0222", Error, Metadata, "a document says that it is not to be published";
    UnknownMathCommand = "E0240", Error, Markup, "a command of a formula is not known";
    BadFormula = "E0241", Error, Markup, "a formula cannot be read";
    ForeignForm = "W0221", Warning, Metadata, "front matter in another tool's form";
    CutValue = "W0222", Warning, Metadata, "a value that ends at a number sign";
    Slip = "W0223", Warning, Markup, "markup that is only nearly right";
    RepeatedAnchor = "W0224", Warning, References, "an anchor is given twice";
    ForeignId = "W0225", Advice, References, "an id as another tool makes it";
    ForeignPath = "W0226", Advice, References, "a path as another tool reads it";
    // References
    DuplicateId = "E0301", Error, References, "an id is given twice";
    UndefinedNote = "E0302", Error, References, "a footnote is not defined";
    DanglingReference = "E0303", Error, References, "a reference leads nowhere";
    DeadDocumentLink = "E0304", Error, References, "a link to a document that does not exist";
    UnusedNote = "W0305", Warning, References, "a footnote is never referred to";
    DeadFragment = "W0306", Warning, References, "a link to a place that does not exist";
    UnusedAbbreviation = "W0307", Warning, References, "an abbreviation is defined and never used";
    UnknownVariable = "E0308", Error, References, "a variable is not known";
    UnknownCitation = "E0309", Error, References, "a citation key is not known";
    DuplicateNote = "W0310", Warning, References, "a footnote is defined twice";
    DuplicateAbbreviation = "W0311", Warning, References, "an abbreviation is defined twice";
    BadBibliography = "E0312", Error, References, "a bibliography cannot be used";
    UndefinedLink = "W0313", Warning, References, "a link's address is not defined";
    BadCitationStyle = "E0314", Error, References, "a citation style cannot be used";
    DeadFileLink = "E0316", Error, References, "a link to a file that is not there";
    UncopiedFile = "W0317", Warning, References, "a link to what is not copied";
    BareCitation = "W0315", Warning, References, "a citation without brackets";
    // The page
    MissingGlyph = "W0401", Warning, Page, "a character that no font has";
    Overfull = "W0402", Warning, Page, "something is wider than the page";
    BadTheme = "E0403", Error, Page, "a theme is not right";
    UntranslatedLabel = "W0404", Warning, Page, "labels are missing for a language";
    NoHyphenation = "W0405", Advice, Page, "no hyphenation for a language";
    LimitOfDocument = "W0406", Warning, Page, "the document is longer than it says";
    // Accessibility and house style
    MissingAlternative = "W0501", Warning, Style, "a picture without alternative text";
    SkippedLevel = "W0502", Warning, Style, "a heading level is skipped";
    VagueLink = "W0503", Warning, Style, "a link whose words say nothing";
    TableWithoutHeader = "W0504", Warning, Style, "a table without header cells";
    EmptySection = "W0505", Warning, Style, "a section without text";
    RepeatedHeading = "W0506", Advice, Style, "a heading is repeated";
    DoubledWord = "W0507", Warning, Style, "a word is doubled";
    AmbiguousDate = "W0508", Warning, Style, "a date that can be read in two ways";
    BreakingUnit = "W0509", Advice, Style, "a number can part from its unit";
    UndefinedAbbreviation = "W0510", Advice, Style, "an abbreviation is not explained";
    LongSentence = "W0511", Advice, Style, "a sentence is long";
    BareAddress = "W0512", Advice, Style, "an address stands bare in the text";
    MixedNumbers = "W0513", Warning, Style, "a column writes its numbers in two ways";
    NotFormatted = "W0514", Advice, Style, "a block that formatting leaves as it is";
    // One text in every edition
    EditionDiffers = "E0601", Error, Page, "an edition differs from the document";
    Internal = "E0602", Error, Page, "Chancery failed";
    RuleBroken = "E0603", Error, Page, "an edition breaks a rule of its format";
    NotCompared = "E0604", Error, Page, "two versions cannot be compared";
    LittleInCommon = "W0605", Warning, Page, "two versions have hardly anything in common";
    Renamed = "W0606", Warning, Page, "a document had another name in the earlier version";
    OneVersion = "W0607", Warning, Page, "only one of two versions has a document";
    NoEarlierVersion = "E0608", Error, Page, "there is no such earlier version";
    // Import
    NotImported = "E0701", Error, Files, "a file cannot be imported";
    ImportDiffers = "E0702", Error, Files, "an imported source differs from its file";
    LeftOut = "W0703", Warning, Files, "something was left out on import";
    Simplified = "W0704", Warning, Files, "something was simplified on import";
    PictureNotKept = "W0705", Warning, Files, "a picture could not be kept on import";
    ChangesSettled = "W0706", Warning, Files, "tracked changes were settled on import";
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn every_code_has_its_page() {
        const SHORTEST_PAGE: usize = 200;
        for code in Code::ALL {
            let page = code.explanation();
            assert!(page.len() >= SHORTEST_PAGE, "{} says too little", code.as_str());
            assert!(page.contains("\n\n"), "{} does not say what to do", code.as_str());
            assert!(!page.starts_with('#'), "{}: the title is put above the page", code.as_str());
            // The page on open fences shows one, inside a fence of tildes.
            let fence = if page.contains("~~~~") { "~~~~" } else { "```" };
            assert_eq!(page.matches(fence).count() % 2, 0, "{} has an open fence", code.as_str());
        }
    }

    #[test]
    fn no_page_is_without_a_code() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/diagnostic/pages");
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert!(Code::parse(name.trim_end_matches(".md")).is_some(), "{name} is no code");
        }
    }

    #[test]
    fn a_code_says_what_it_is() {
        for code in Code::ALL {
            assert_eq!(Code::parse(&code.as_str().to_lowercase()), Some(*code));
            let letter = if code.severity() == crate::diagnostic::Severity::Error { 'E' } else { 'W' };
            assert!(code.as_str().starts_with(letter), "{}", code.as_str());
        }
    }
}
