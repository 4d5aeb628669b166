//! Which languages there are, and what people write instead of their tags.

use super::primary;

/// The languages of ISO 639-1 by their codes, which are their tags in BCP 47 too.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da \
    de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii \
    ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn \
    mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh \
    si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh \
    yi yo za zh zu";

/// Spellings of languages: the names in English and in the language itself, the codes of ISO 639-2,
/// and country codes mistaken for it.
const NAMES: [(&str, &[&str]); 33] = [
    ("ar", &["arabic", "العربية", "ara"]),
    ("bg", &["bulgarian", "български", "bul"]),
    ("ca", &["catalan", "català", "cat"]),
    ("cs", &["czech", "čeština", "cz", "ces", "cze"]),
    ("da", &["danish", "dansk", "dk", "dan"]),
    ("de", &["german", "deutsch", "ger", "deu", "ngerman"]),
    ("el", &["greek", "ελληνικά", "gr", "ell", "gre"]),
    ("en", &["english", "eng"]),
    ("es", &["spanish", "español", "castellano", "spa"]),
    ("et", &["estonian", "eesti", "est"]),
    ("fi", &["finnish", "suomi", "fin"]),
    ("fr", &["french", "français", "francais", "fra", "fre"]),
    ("ga", &["irish", "gaeilge", "gle"]),
    ("hr", &["croatian", "hrvatski", "hrv"]),
    ("hu", &["hungarian", "magyar", "hun"]),
    ("is", &["icelandic", "íslenska", "isl"]),
    ("it", &["italian", "italiano", "ita"]),
    ("ja", &["japanese", "日本語", "jp", "jpn"]),
    ("lt", &["lithuanian", "lietuvių", "lit"]),
    ("lv", &["latvian", "latviešu", "lav"]),
    ("mt", &["maltese", "malti", "mlt"]),
    ("nl", &["dutch", "nederlands", "nld", "dut"]),
    ("no", &["norwegian", "norsk", "nor"]),
    ("pl", &["polish", "polski", "pol"]),
    ("pt", &["portuguese", "português", "por"]),
    ("ro", &["romanian", "română", "ron", "rum"]),
    ("ru", &["russian", "русский", "rus"]),
    ("sk", &["slovak", "slovenčina", "slk"]),
    ("sl", &["slovenian", "slovene", "slovenščina", "slv"]),
    ("sv", &["swedish", "svenska", "swe"]),
    ("tr", &["turkish", "türkçe", "tur"]),
    ("uk", &["ukrainian", "українська", "ua", "ukr"]),
    ("zh", &["chinese", "中文", "cn", "chi", "zho"]),
];

/// Whether a tag names a language that there is. Of the 7,000 with codes of three letters
/// none is doubted; longer ones are not registered (RFC 5646, 2.2.1), and `x-` is private.
pub fn is_known(tag: &str) -> bool {
    let language = primary(tag);
    match language.len() {
        2 => CODES.split(' ').any(|code| code == language),
        3 => language.bytes().all(|byte| byte.is_ascii_lowercase()),
        _ => language == "x" || language == "i",
    }
}

/// The tag that was meant by a word that is none: the language's name or another code of
/// it, an underscore for a hyphen.
pub fn meant(written: &str) -> Option<String> {
    let tag = written.trim().replace('_', "-");
    let (language, rest) = tag.split_once('-').map_or((tag.as_str(), None), |(language, rest)| (language, Some(rest)));
    let lower = language.to_lowercase();
    let named = NAMES.iter().find(|(_, names)| names.contains(&lower.as_str())).map(|(code, _)| *code);
    let language = named.or_else(|| is_known(&lower).then_some(lower.as_str()))?;
    let tag = rest.map_or_else(|| language.to_owned(), |rest| format!("{language}-{rest}"));
    (tag != written).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::{is_known, meant};

    #[test]
    fn languages_that_there_are_are_known() {
        for tag in ["de", "en-GB", "FR", "tlh", "gsw-CH", "x-own", "zh-Hant-TW", "sr-Latn"] {
            assert!(is_known(tag), "{tag}");
        }
        for tag in ["german", "xx", "deutsch-AT", "qqqq", "jp", ""] {
            assert!(!is_known(tag), "{tag}");
        }
    }

    #[test]
    fn what_is_written_for_a_tag_leads_to_it() {
        let meant = |written| meant(written).unwrap_or_default();
        assert_eq!(meant("german"), "de");
        assert_eq!(meant("Deutsch"), "de");
        assert_eq!(meant("Français"), "fr");
        assert_eq!(meant("en_GB"), "en-GB");
        assert_eq!(meant("gr"), "el");
        assert_eq!(meant("klingon"), "");
    }
}
