//! Links whose words do not say where they lead (W0503).

use super::prose::Link;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::language::primary;

/// Words that say nothing on their own, in lower case, by language (WCAG 2.2,
/// technique F84).
const VAGUE: [(&str, &[&str]); 27] = [
    ("ar", &["هنا", "انقر هنا", "اضغط هنا", "المزيد", "اقرأ المزيد", "الرابط", "هذا الرابط"]),
    ("bg", &["тук", "натиснете тук", "повече", "прочетете повече", "линк", "връзка"]),
    ("cs", &["zde", "tady", "klikněte zde", "více", "číst více", "odkaz", "tento odkaz"]),
    ("da", &["her", "klik her", "mere", "læs mere", "link", "dette link", "se her"]),
    (
        "de",
        &[
            "hier",
            "hier klicken",
            "klicken sie hier",
            "mehr",
            "mehr lesen",
            "weiterlesen",
            "link",
            "dieser link",
            "siehe hier",
            "mehr erfahren",
            "weitere informationen",
        ],
    ),
    ("el", &["εδώ", "κάντε κλικ εδώ", "περισσότερα", "διαβάστε περισσότερα", "σύνδεσμος"]),
    (
        "en",
        &[
            "here",
            "click here",
            "click",
            "this",
            "this link",
            "this page",
            "this document",
            "link",
            "more",
            "read more",
            "learn more",
            "see more",
            "see here",
            "find out more",
            "more information",
            "details",
            "continue",
            "download",
            "read here",
            "this website",
            "website",
        ],
    ),
    (
        "es",
        &[
            "aquí",
            "haga clic aquí",
            "pulse aquí",
            "más",
            "leer más",
            "ver más",
            "enlace",
            "este enlace",
            "más información",
        ],
    ),
    ("et", &["siin", "siit", "vajuta siia", "loe edasi", "loe lähemalt", "rohkem", "link"]),
    ("fi", &["tästä", "täältä", "tässä", "klikkaa tästä", "lue lisää", "lisää", "linkki", "lisätietoja"]),
    (
        "fr",
        &[
            "ici",
            "cliquez ici",
            "cliquer ici",
            "là",
            "lien",
            "ce lien",
            "plus",
            "lire la suite",
            "en savoir plus",
            "voir plus",
            "cette page",
            "suite",
            "plus d’informations",
        ],
    ),
    ("ga", &["anseo", "cliceáil anseo", "tuilleadh", "léigh tuilleadh", "nasc"]),
    ("hr", &["ovdje", "kliknite ovdje", "više", "pročitajte više", "saznajte više", "poveznica"]),
    ("hu", &["itt", "ide", "kattintson ide", "tovább", "bővebben", "link", "ez a link"]),
    (
        "it",
        &[
            "qui",
            "clicca qui",
            "cliccare qui",
            "link",
            "questo link",
            "leggi tutto",
            "altro",
            "per saperne di più",
            "continua",
        ],
    ),
    ("lt", &["čia", "spauskite čia", "daugiau", "skaityti daugiau", "nuoroda"]),
    ("lv", &["šeit", "klikšķiniet šeit", "vairāk", "lasīt vairāk", "saite"]),
    ("mt", &["hawn", "ikklikkja hawn", "aktar", "aqra aktar", "link"]),
    ("nl", &["hier", "klik hier", "meer", "lees meer", "lees verder", "link", "deze link", "meer informatie"]),
    ("pl", &["tutaj", "tu", "kliknij tutaj", "więcej", "czytaj więcej", "link", "ten link"]),
    ("pt", &["aqui", "clique aqui", "mais", "ler mais", "saber mais", "saiba mais", "ligação", "esta ligação"]),
    ("ro", &["aici", "apăsați aici", "faceți clic aici", "mai mult", "citește mai mult", "link", "detalii"]),
    ("ru", &["здесь", "тут", "нажмите здесь", "подробнее", "читать далее", "ссылка", "по ссылке", "далее"]),
    ("sk", &["tu", "kliknite sem", "viac", "čítať viac", "odkaz", "tento odkaz"]),
    ("sl", &["tukaj", "tu", "kliknite tukaj", "več", "preberi več", "povezava"]),
    ("sv", &["här", "klicka här", "mer", "läs mer", "länk", "denna länk", "mer information"]),
    ("uk", &["тут", "натисніть тут", "докладніше", "детальніше", "читати далі", "посилання", "за посиланням"]),
];

/// Whether words say nothing on their own in a language, given by its primary subtag.
fn is_vague(words: &str, lang: &str) -> bool {
    VAGUE.iter().any(|(language, vague)| *language == lang && vague.contains(&words))
}

/// Looks at one link.
pub fn check(link: &Link, diagnostics: &mut Diagnostics) {
    let said = link.text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().replace('\'', "’");
    let said = said.trim_matches(|character: char| !character.is_alphanumeric());
    if said.is_empty() && link.text.trim().is_empty() {
        diagnostics.push(
            Diagnostic::new(Code::VagueLink, link.span, "a link has no words")
                .hint("write in the brackets where it leads"),
        );
    } else if is_vague(said, &primary(link.lang)) {
        let message = format!("the link “{}” does not say where it leads", link.text.trim());
        diagnostics
            .push(Diagnostic::new(Code::VagueLink, link.span, message).hint("link the words that name what is there"));
    }
}
