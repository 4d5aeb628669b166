"""The words of pandoc's trees."""

import re
import unicodedata

INLINE = ("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "Underline", "Span", "Quoted")


def text(node):
    """The text of a tree, with spaces between blocks."""
    if isinstance(node, list):
        return "".join(map(text, node))
    if not isinstance(node, dict):
        return ""
    kind, content = node.get("t"), node.get("c")
    if kind == "Str":
        return content
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in ("Code", "CodeBlock"):
        return content[1] if kind == "Code" else f" {content[1]} "
    if kind in ("Image", "Link"):
        return text(content[1])
    if kind in INLINE:
        return text(content)
    return f" {text(content)} "


def words(string):
    """Words as people know them, whatever form their letters have."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", string))


def difference(expected, found):
    """Where two lists of words part, in words; None where they do not."""
    if expected == found:
        return None
    pairs = enumerate(zip(expected, found))
    at = next((i for i, (one, other) in pairs if one != other), min(len(expected), len(found)))
    return f"word {at + 1}: ours {expected[at : at + 8]}, pandoc's {found[at : at + 8]}"
