//! The allowed elements and attributes of drawings. Nothing else is passed on.

/// Elements that are drawn (SVG 2), by what they are written as.
pub const ELEMENTS: [&str; 24] = [
    "circle",
    "clipPath",
    "defs",
    "ellipse",
    "g",
    "image",
    "line",
    "linearGradient",
    "marker",
    "mask",
    "path",
    "pattern",
    "polygon",
    "polyline",
    "radialGradient",
    "rect",
    "stop",
    "svg",
    "symbol",
    "text",
    "textPath",
    "tspan",
    "use",
    // Written as the one of its children that is drawn.
    "switch",
];

/// Elements that run code or hold another language's markup.
pub const FORBIDDEN_ELEMENTS: [&str; 8] =
    ["script", "handler", "listener", "iframe", "object", "embed", "audio", "video"];

/// Elements that show nothing.
pub const SILENT_ELEMENTS: [&str; 7] = ["desc", "metadata", "style", "title", "view", "cursor", "discard"];

/// Attributes of elements, which are no properties.
pub const ATTRIBUTES: [&str; 47] = [
    "clipPathUnits",
    "cx",
    "cy",
    "d",
    "dx",
    "dy",
    "fx",
    "fy",
    "gradientTransform",
    "gradientUnits",
    "height",
    "lengthAdjust",
    "markerHeight",
    "markerUnits",
    "markerWidth",
    "maskContentUnits",
    "maskUnits",
    "method",
    "offset",
    "orient",
    "pathLength",
    "patternContentUnits",
    "patternTransform",
    "patternUnits",
    "points",
    "preserveAspectRatio",
    "r",
    "refX",
    "refY",
    "rotate",
    "rx",
    "ry",
    "side",
    "spacing",
    "spreadMethod",
    "startOffset",
    "textLength",
    "viewBox",
    "width",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
    "xml:space",
    "xml:lang",
];

/// Properties that may be written as attributes (SVG 2, section 6.6).
pub const PROPERTIES: [&str; 50] = [
    "alignment-baseline",
    "baseline-shift",
    "clip-path",
    "clip-rule",
    "color",
    "color-interpolation",
    "display",
    "dominant-baseline",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-kerning",
    "font-size",
    "font-stretch",
    "font-style",
    "font-variant",
    "font-weight",
    "image-rendering",
    "letter-spacing",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "mask-type",
    "mix-blend-mode",
    "opacity",
    "overflow",
    "paint-order",
    "shape-rendering",
    "stop-color",
    "stop-opacity",
    "stroke",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "text-rendering",
    "transform",
    "transform-origin",
    "unicode-bidi",
    "visibility",
    "word-spacing",
    "writing-mode",
    "isolation",
];

/// Properties whose value may be, or hold, the address of an element.
pub const REFERRING: [&str; 7] = ["clip-path", "fill", "marker-end", "marker-mid", "marker-start", "mask", "stroke"];

/// Attributes that a style sheet may set, too (SVG 2, section 8.3 and 9).
pub const GEOMETRY: [&str; 9] = ["cx", "cy", "height", "r", "rx", "ry", "width", "x", "y"];

/// Properties that change what is seen and are not drawn.
pub const UNDRAWN_PROPERTIES: [&str; 15] = [
    "backdrop-filter",
    "background",
    "background-color",
    "background-image",
    "border",
    "box-shadow",
    "clip",
    "direction",
    "filter",
    "fr",
    "inline-size",
    "shape-inside",
    "text-shadow",
    "text-transform",
    "vector-effect",
];

/// Functions that values may hold: colours, and what a transformation is made of.
pub const FUNCTIONS: [&str; 15] = [
    "hsl",
    "hsla",
    "matrix",
    "rgb",
    "rgba",
    "rotate",
    "scale",
    "scalex",
    "scaley",
    "skewx",
    "skewy",
    "translate",
    "translatex",
    "translatey",
    "url",
];

/// Blend modes (Compositing 1, section 5.1.2); written in a `style` attribute,
/// as the property is no attribute.
pub const BLEND_MODES: [&str; 16] = [
    "color",
    "color-burn",
    "color-dodge",
    "darken",
    "difference",
    "exclusion",
    "hard-light",
    "hue",
    "lighten",
    "luminosity",
    "multiply",
    "normal",
    "overlay",
    "saturation",
    "screen",
    "soft-light",
];

/// Our own copy of a known name, so that no text of the file is written.
pub fn known(names: &'static [&'static str], name: &str) -> Option<&'static str> {
    names.iter().copied().find(|known| *known == name)
}
