//! The words that a redline adds to a document, by language, and the words by
//! which a language binds.

macro_rules! labels {
    ($($(#[$doc:meta])* $name:ident;)*) => {
        /// The words of one language. `{}` stands for a value.
        #[derive(Debug, PartialEq, Eq)]
        pub struct ChangeLabels {
            /// Primary language subtag.
            pub tag: &'static str,
            /// Words that bind, permit or advise, in small letters.
            pub obligations: &'static [&'static str],
            $($(#[$doc])* pub $name: &'static str,)*
        }

        impl ChangeLabels {
            /// Every label with its name, for checking that none is missing.
            pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

labels! {
    /// "Changes since {}", with a version.
    changes_since;
    /// The same where nothing is known of the version.
    changes;
    /// "version {}".
    version;
    /// "version {} of {}", with a date.
    version_of;
    /// "Nothing changed".
    no_changes;
    /// "Sections changed".
    sections_changed;
    /// "Figures and dates changed".
    figures_changed;
    /// "Obligations changed".
    obligations_changed;
    /// "Links changed".
    links_changed;
    /// "Moved".
    moved;
    /// "{}: from {} to {}".
    moved_from_to;
    /// "Renumbered".
    renumbered;
    /// "Was".
    was;
    /// "Is".
    is;
    /// "Title".
    title;
    /// "Subtitle".
    subtitle;
    /// "formerly {}".
    formerly;
    /// "{} changes"; "1 change" stands in `one_change`.
    change_count;
    /// "1 change".
    one_change;
    /// "new".
    inserted_section;
    /// "deleted".
    deleted_section;
    /// Before what was inserted, for those who listen.
    insertion;
    /// "end of insertion".
    end_of_insertion;
    /// "deleted:".
    deletion;
    /// "end of deletion".
    end_of_deletion;
    /// Before what was moved, at its new place.
    moved_here;
    /// The same at its old place.
    moved_away;
    /// "end of move".
    end_of_move;
    /// "paragraph split".
    paragraph_split;
    /// "paragraphs joined".
    paragraphs_joined;
    /// "Previous change".
    previous_change;
    /// "Next change".
    next_change;
    /// Where a text has no title.
    beginning;
}

impl ChangeLabels {
    /// The labels of a language, English where it has none.
    pub fn of(tag: &str) -> &'static ChangeLabels {
        let primary = super::primary(tag);
        ALL.iter().copied().find(|labels| labels.tag == primary).unwrap_or(&ENGLISH)
    }

    /// Whether a language has labels of its own.
    pub fn is_known(tag: &str) -> bool {
        let primary = super::primary(tag);
        ALL.iter().any(|labels| labels.tag == primary)
    }
}

static ENGLISH: ChangeLabels = ChangeLabels {
    tag: "en",
    obligations: &["shall", "must", "should", "may", "can", "cannot", "will", "ought"],
    changes_since: "Changes since {}",
    changes: "Changes",
    version: "version {}",
    version_of: "version {} of {}",
    no_changes: "Nothing changed.",
    sections_changed: "Sections changed",
    figures_changed: "Figures and dates changed",
    obligations_changed: "Obligations changed",
    links_changed: "Links changed",
    moved: "Moved",
    moved_from_to: "{}: from {} to {}",
    renumbered: "Renumbered",
    was: "Was",
    is: "Is",
    title: "Title",
    subtitle: "Subtitle",
    formerly: "formerly {}",
    change_count: "{} changes",
    one_change: "1 change",
    inserted_section: "new",
    deleted_section: "deleted",
    insertion: "inserted:",
    end_of_insertion: "end of insertion",
    deletion: "deleted:",
    end_of_deletion: "end of deletion",
    moved_here: "moved here:",
    moved_away: "moved away:",
    end_of_move: "end of move",
    paragraph_split: "paragraph split",
    paragraphs_joined: "paragraphs joined",
    previous_change: "Previous change",
    next_change: "Next change",
    beginning: "the beginning",
};

static GERMAN: ChangeLabels = ChangeLabels {
    tag: "de",
    obligations: &[
        "muss",
        "müssen",
        "soll",
        "sollen",
        "sollte",
        "sollten",
        "darf",
        "dürfen",
        "kann",
        "können",
        "könnte",
        "könnten",
        "hat",
        "haben",
        "ist",
        "sind",
        "verpflichtet",
    ],
    changes_since: "Änderungen seit {}",
    changes: "Änderungen",
    version: "Fassung {}",
    version_of: "Fassung {} vom {}",
    no_changes: "Nichts wurde geändert.",
    sections_changed: "Geänderte Abschnitte",
    figures_changed: "Geänderte Zahlen und Daten",
    obligations_changed: "Geänderte Verpflichtungen",
    links_changed: "Geänderte Verweise",
    moved: "Verschoben",
    moved_from_to: "{}: von {} nach {}",
    renumbered: "Neu nummeriert",
    was: "Bisher",
    is: "Jetzt",
    title: "Titel",
    subtitle: "Untertitel",
    formerly: "bisher {}",
    change_count: "{} Änderungen",
    one_change: "1 Änderung",
    inserted_section: "neu",
    deleted_section: "gestrichen",
    insertion: "eingefügt:",
    end_of_insertion: "Ende der Einfügung",
    deletion: "gestrichen:",
    end_of_deletion: "Ende der Streichung",
    moved_here: "hierher verschoben:",
    moved_away: "von hier verschoben:",
    end_of_move: "Ende der Verschiebung",
    paragraph_split: "Absatz geteilt",
    paragraphs_joined: "Absätze verbunden",
    previous_change: "Vorige Änderung",
    next_change: "Nächste Änderung",
    beginning: "Anfang",
};

static FRENCH: ChangeLabels = ChangeLabels {
    tag: "fr",
    obligations: &[
        "doit",
        "doivent",
        "devra",
        "devront",
        "devrait",
        "devraient",
        "peut",
        "peuvent",
        "pourra",
        "pourront",
        "pourrait",
        "pourraient",
    ],
    changes_since: "Modifications depuis {}",
    changes: "Modifications",
    version: "la version {}",
    version_of: "la version {} du {}",
    no_changes: "Rien n’a changé.",
    sections_changed: "Sections modifiées",
    figures_changed: "Chiffres et dates modifiés",
    obligations_changed: "Obligations modifiées",
    links_changed: "Liens modifiés",
    moved: "Déplacé",
    moved_from_to: "{} : de {} à {}",
    renumbered: "Renuméroté",
    was: "Ancien numéro",
    is: "Nouveau numéro",
    title: "Titre",
    subtitle: "Sous-titre",
    formerly: "anciennement {}",
    change_count: "{} modifications",
    one_change: "1 modification",
    inserted_section: "nouvelle",
    deleted_section: "supprimée",
    insertion: "inséré :",
    end_of_insertion: "fin de l’insertion",
    deletion: "supprimé :",
    end_of_deletion: "fin de la suppression",
    moved_here: "déplacé ici :",
    moved_away: "déplacé ailleurs :",
    end_of_move: "fin du déplacement",
    paragraph_split: "paragraphe divisé",
    paragraphs_joined: "paragraphes réunis",
    previous_change: "Modification précédente",
    next_change: "Modification suivante",
    beginning: "le début",
};

static SPANISH: ChangeLabels = ChangeLabels {
    tag: "es",
    obligations: &[
        "debe",
        "deben",
        "deberá",
        "deberán",
        "debería",
        "deberían",
        "puede",
        "pueden",
        "podrá",
        "podrán",
        "podría",
        "podrían",
    ],
    changes_since: "Cambios desde {}",
    changes: "Cambios",
    version: "la versión {}",
    version_of: "la versión {} de {}",
    no_changes: "Nada ha cambiado.",
    sections_changed: "Secciones modificadas",
    figures_changed: "Cifras y fechas modificadas",
    obligations_changed: "Obligaciones modificadas",
    links_changed: "Enlaces modificados",
    moved: "Desplazado",
    moved_from_to: "{}: de {} a {}",
    renumbered: "Nueva numeración",
    was: "Antes",
    is: "Ahora",
    title: "Título",
    subtitle: "Subtítulo",
    formerly: "antes {}",
    change_count: "{} cambios",
    one_change: "1 cambio",
    inserted_section: "nueva",
    deleted_section: "suprimida",
    insertion: "insertado:",
    end_of_insertion: "fin de la inserción",
    deletion: "suprimido:",
    end_of_deletion: "fin de la supresión",
    moved_here: "trasladado aquí:",
    moved_away: "trasladado a otro lugar:",
    end_of_move: "fin del traslado",
    paragraph_split: "párrafo dividido",
    paragraphs_joined: "párrafos unidos",
    previous_change: "Cambio anterior",
    next_change: "Cambio siguiente",
    beginning: "el comienzo",
};

static ALL: [&ChangeLabels; 4] = [&ENGLISH, &GERMAN, &FRENCH, &SPANISH];

#[cfg(test)]
mod tests {
    use super::{ALL, ChangeLabels, ENGLISH};

    #[test]
    fn no_language_lacks_a_label_or_a_place_for_a_value() {
        for labels in ALL {
            for ((name, label), (_, model)) in labels.entries().into_iter().zip(ENGLISH.entries()) {
                assert!(!label.trim().is_empty(), "{}: {name} is empty", labels.tag);
                assert_eq!(label.matches("{}").count(), model.matches("{}").count(), "{}: {name}", labels.tag);
            }
        }
    }

    #[test]
    fn a_language_without_labels_has_the_english_ones() {
        assert_eq!(ChangeLabels::of("mi").changes, "Changes");
        assert_eq!(ChangeLabels::of("de-AT").changes, "Änderungen");
        assert!(!ChangeLabels::is_known("mi"));
    }
}
