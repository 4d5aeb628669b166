//! The built-in theme that all others change, as a value: nearly every document asks for it,
//! and to read it costs a fiftieth of a brief. `assets/themes/briefing.toml` says the same.

use super::{
    AnnexBreak, CodeTheme, Color, Colors, ContentsPage, FaceStyle, FontFamily, FontsTheme, HeadingTheme, Headings,
    Hyphenation, Length, NoteTheme, Opening, PageTheme, PaperSize, Pt, TableTheme, TextAlign, TextTheme, Theme,
    TitleTheme,
};

/// The theme `briefing`.
pub fn briefing() -> Theme {
    Theme {
        name: "briefing".to_owned(),
        opening: Opening::Block,
        contents_page: ContentsPage::Inline,
        annex_break: AnnexBreak::Page,
        logo: None,
        logo_alt: None,
        logo_height: mm(14.0),
        logo_picture: None,
        page: page(),
        fonts: FontsTheme {
            body: FontFamily::SourceSerif,
            heading: FontFamily::SourceSans,
            code: FontFamily::SourceCode,
            own: Vec::new(),
        },
        text: TextTheme {
            size: pt(10.5),
            leading: pt(14.0),
            gap: pt(6.0),
            align: TextAlign::Justify,
            hyphenation: Hyphenation::On,
        },
        title: TitleTheme { size: pt(23.0), leading: pt(27.0), subtitle_size: pt(12.0), subtitle_leading: pt(16.0) },
        headings: headings(),
        table: TableTheme { size: pt(9.0), leading: pt(12.0), least_size: pt(7.5), pad_x: pt(5.0), pad_y: pt(3.0) },
        code: CodeTheme { size: pt(8.5), leading: pt(11.5) },
        note: NoteTheme { size: pt(8.5), leading: pt(11.0) },
        colors: colors(),
    }
}

fn page() -> PageTheme {
    PageTheme {
        size: PaperSize { width: mm(210.0).0, height: mm(297.0).0 },
        margin_top: mm(27.0),
        margin_bottom: mm(25.0),
        margin_left: mm(36.0),
        margin_right: mm(36.0),
        head: mm(16.0),
        foot: mm(15.0),
        furniture_size: pt(8.0),
    }
}

fn headings() -> Headings {
    Headings {
        level1: HeadingTheme {
            size: pt(14.5),
            leading: pt(18.0),
            before: pt(18.0),
            after: pt(6.0),
            style: FaceStyle::Bold,
            color: rgb(0x17365d),
        },
        level2: HeadingTheme {
            size: pt(12.0),
            leading: pt(15.0),
            before: pt(15.0),
            after: pt(4.5),
            style: FaceStyle::Bold,
            color: rgb(0x17365d),
        },
        level3: HeadingTheme {
            size: pt(10.5),
            leading: pt(14.0),
            before: pt(13.0),
            after: pt(3.0),
            style: FaceStyle::Bold,
            color: rgb(0x262626),
        },
        level4: HeadingTheme {
            size: pt(10.5),
            leading: pt(14.0),
            before: pt(11.0),
            after: pt(2.0),
            style: FaceStyle::Italic,
            color: rgb(0x262626),
        },
    }
}

fn colors() -> Colors {
    Colors {
        text: rgb(0x1a1a1a),
        accent: rgb(0x17365d),
        muted: rgb(0x595959),
        rule: rgb(0xbfc5cc),
        link: rgb(0x1a5490),
        link_rule: rgb(0x9db8d4),
        panel: rgb(0xeef3f8),
        warning_panel: rgb(0xfbf2ec),
        warning: rgb(0xa8460f),
        code: rgb(0xf4f4f2),
        highlight: rgb(0xfff1a8),
        watermark: rgb(0xefefef),
        inserted: rgb(0x145a32),
        deleted: rgb(0x9c1c1c),
        moved: rgb(0x4a3c8c),
    }
}

const fn pt(points: Pt) -> Length {
    Length(points)
}

const fn mm(millimetres: Pt) -> Length {
    Length(super::points(millimetres))
}

/// A colour as `#rrggbb` writes it.
const fn rgb(number: u32) -> Color {
    let [_, red, green, blue] = number.to_be_bytes();
    Color { red, green, blue }
}
