//! The words Chancery adds to a document, by language: one file for each.

mod ar;
mod bg;
mod cs;
mod da;
mod de;
mod el;
mod en;
mod es;
mod et;
mod fi;
mod fr;
mod ga;
mod hr;
mod hu;
mod it;
mod lt;
mod lv;
mod mt;
mod nl;
mod pl;
mod pt;
mod ro;
mod ru;
mod sk;
mod sl;
mod sv;
mod uk;

pub use en::LABELS as ENGLISH;

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// The words of one language. `{}` stands for a value; [`fill`] puts
        /// it in.
        #[derive(Debug, PartialEq, Eq)]
        pub struct Labels {
            /// Primary language subtag.
            pub tag: &'static str,
            /// Note, tip, important, warning, caution.
            pub admonitions: [&'static str; 5],
            /// Draft, review, final, withdrawn.
            pub statuses: [&'static str; 4],
            /// Opening and closing marks, outer then inner, with the spaces
            /// that belong to them.
            pub quotes: [&'static str; 4],
            $($(#[$doc])* pub $name: &'static str,)*
        }

        impl Labels {
            /// Every label with its name, for checking that none is missing.
            pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
                let mut entries = vec![("tag", self.tag)];
                entries.extend(self.admonitions.iter().map(|word| ("admonitions", *word)));
                entries.extend(self.statuses.iter().map(|word| ("statuses", *word)));
                entries.extend(self.quotes.iter().map(|word| ("quotes", *word)));
                entries.extend([$((stringify!($name), self.$name)),*]);
                entries
            }
        }
    };
}

labels! {
    // Numbered things: the word alone, and with its number in the language's order.
    /// "Section".
    section;
    /// "Section {}".
    section_numbered;
    /// "Figure".
    figure;
    /// "Figure {}".
    figure_numbered;
    /// "Table".
    table;
    /// "Table {}".
    table_numbered;
    /// "Equation".
    equation;
    /// "Equation {}".
    equation_numbered;
    /// "Box".
    boxed;
    /// "Box {}".
    boxed_numbered;
    /// "Annex".
    annex;
    /// "Annex {}".
    annex_numbered;
    /// "Paragraph".
    paragraph;
    /// "Paragraph {}".
    paragraph_numbered;
    /// "Note".
    note;
    /// "Note {}".
    note_numbered;
    /// "Page".
    page;
    /// "Page {} of {}".
    page_of;
    /// "Row {}", for a table that is read out as records.
    row_numbered;
    /// "Column {}", for a column without a header.
    column_numbered;
    /// After the caption of a table that continues, without parentheses.
    continued;

    // Lists made from the document
    /// "Contents".
    contents;
    /// "Figures".
    figures;
    /// "Tables".
    tables;
    /// "Boxes".
    boxes;
    /// "Annexes".
    annexes;
    /// "Abbreviations".
    abbreviations;
    /// "Bibliography".
    bibliography;
    /// "Notes".
    notes;
    /// Heading of the addresses of links, where they cannot be clicked.
    links;

    // Panels
    /// "Key points".
    key_points;
    /// "Recommendation".
    recommendation;
    /// "Example".
    example;

    // Document control
    /// "Document control".
    document_control;
    /// "Reference".
    reference;
    /// "Date".
    date;
    /// "Version".
    version;
    /// "Status".
    status;
    /// Why a document was withdrawn.
    reason;
    /// "Marking".
    marking;
    /// "Embargo".
    embargo;
    /// "Not for publication before {}".
    not_before;
    /// "History".
    history;
    /// "Change".
    change;
    /// "Distribution".
    distribution;
    /// Label of the profiles that an edition was made for.
    audience;
    /// "Author".
    author;
    /// "Authors".
    authors;
    /// "Contact".
    contact;
    /// "E-mail".
    email;
    /// "Telephone".
    phone;
    /// "Website".
    website;
    /// "Imprint".
    imprint;
    /// "Licence".
    licence;
    /// "Keywords".
    keywords;
    /// "Summary".
    abstract_title;
    /// "{}: {}", a label and what it stands for, with the language's spacing.
    label_value;

    // Finding the way
    /// "Skip to content".
    skip_to_content;
    /// "Main navigation".
    main_navigation;
    /// "Back to {}".
    back_to;
    /// "Back to the text".
    back_to_text;
    /// "Previous".
    previous;
    /// "Next".
    next;
    /// "In this collection".
    in_this_collection;
    /// "Other formats".
    other_formats;
    /// "Collections".
    collections;
    /// "Documents".
    documents;
    /// "Format".
    format;
    /// "Size".
    size;
    /// "Language".
    language;
    /// The name of the plain-text edition.
    plain_text;
    /// The name of the short edition.
    short_form;
    /// "Open as {}", with a format.
    open_as;

    // Things that need words where they cannot be seen
    /// "Picture".
    picture;
    /// "Chart".
    chart;
    /// "Data of the chart".
    chart_data;
    /// "done".
    done;
    /// "not done".
    not_done;
    /// "inserted".
    inserted;
    /// "deleted".
    deleted;

    // Figures
    /// Between whole and fraction.
    decimal_sign;
    /// Between groups of three digits.
    group_sign;
}

impl Labels {
    /// The labels of a primary language subtag, where there are any.
    pub fn for_language(primary: &str) -> Option<&'static Labels> {
        ALL.iter().copied().find(|labels| labels.tag == primary)
    }
}

/// Puts values in the places `{}` of a label, in order. Places without a
/// value stay empty.
pub fn fill(pattern: &str, values: &[&str]) -> String {
    let mut filled = String::with_capacity(pattern.len());
    let mut values = values.iter();
    let mut parts = pattern.split("{}");
    filled.push_str(parts.next().unwrap_or_default());
    for part in parts {
        filled.push_str(values.next().copied().unwrap_or_default());
        filled.push_str(part);
    }
    filled
}

/// Every language's labels, by tag.
pub static ALL: &[&Labels] = &[
    &ar::LABELS,
    &bg::LABELS,
    &cs::LABELS,
    &da::LABELS,
    &de::LABELS,
    &el::LABELS,
    &en::LABELS,
    &es::LABELS,
    &et::LABELS,
    &fi::LABELS,
    &fr::LABELS,
    &ga::LABELS,
    &hr::LABELS,
    &hu::LABELS,
    &it::LABELS,
    &lt::LABELS,
    &lv::LABELS,
    &mt::LABELS,
    &nl::LABELS,
    &pl::LABELS,
    &pt::LABELS,
    &ro::LABELS,
    &ru::LABELS,
    &sk::LABELS,
    &sl::LABELS,
    &sv::LABELS,
    &uk::LABELS,
];

#[cfg(test)]
mod tests {
    use super::{ALL, ENGLISH, Labels, fill};
    use std::collections::BTreeSet;

    const PROMISED: [&str; 27] = [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl",
        "pl", "pt", "ro", "sk", "sl", "sv", // the official languages of the EU
        "ar", "ru", "uk",
    ];

    fn places(text: &str) -> usize {
        text.matches("{}").count()
    }

    #[test]
    fn every_promised_language_is_there_once() {
        let tags: Vec<&str> = ALL.iter().map(|labels| labels.tag).collect();
        assert_eq!(tags.iter().collect::<BTreeSet<_>>(), PROMISED.iter().collect::<BTreeSet<_>>());
        assert_eq!(tags.len(), PROMISED.len());
    }

    #[test]
    fn no_language_lacks_a_label_or_a_place_for_a_value() {
        let english = ENGLISH.entries();
        for labels in ALL {
            for ((name, label), (_, model)) in labels.entries().into_iter().zip(&english) {
                assert!(!label.trim().is_empty() || name == "group_sign", "{}: {name} is empty", labels.tag);
                assert_eq!(places(label), places(model), "{}: {name}: {label}", labels.tag);
                assert!(!label.contains(['[', ']', '|', '~']), "{}: {name}: {label}", labels.tag);
            }
        }
    }

    #[test]
    fn no_language_is_a_copy_of_english() {
        for labels in ALL.iter().filter(|labels| labels.tag != "en") {
            let same = |(one, other): &((&str, &str), (&str, &str))| one.1 == other.1;
            let copied = labels.entries().into_iter().zip(ENGLISH.entries()).filter(same).count();
            assert!(copied < 25, "{}: {copied} labels are the English ones", labels.tag);
        }
    }

    #[test]
    fn numbers_stand_where_the_language_puts_them() {
        let table =
            |tag: &str| Labels::for_language(tag).map(|labels| fill(labels.table_numbered, &["3"])).unwrap_or_default();
        assert_eq!(table("fr"), "Tableau 3");
        assert_eq!(table("hu"), "3. táblázat");
        assert_eq!(table("lv"), "3. tabula");
        assert_eq!(table("lt"), "3 lentelė");
    }

    #[test]
    fn values_are_put_in_as_they_are() {
        assert_eq!(fill("Page {} of {}", &["2", "{}"]), "Page 2 of {}");
        assert_eq!(fill("{}: {}", &["a"]), "a: ");
        assert_eq!(fill("none", &["a"]), "none");
    }
}
