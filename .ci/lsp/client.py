"""`chancery lsp` and the client of pygls, which refuses answers that are not of the protocol. What
the server says is carried out on the texts, in the encoding that was agreed on."""

import os
import pathlib
import shutil

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pygls.workspace import PositionCodec
from pytest_lsp import ClientServerConfig, LanguageClient

HERE = pathlib.Path(__file__).parent
ENCODINGS = [lsp.PositionEncodingKind.Utf8, lsp.PositionEncodingKind.Utf16]
pytestmark = pytest.mark.filterwarnings("error")


# No font has some letters of the project: that is told later.
OF_PAGES = "W0401"


class Desk:
    """An editor: its texts, and what the server tells of them."""

    def __init__(self, client: LanguageClient, folder: pathlib.Path, encoding):
        self.client, self.folder, self.texts, self.version = client, folder, {}, 1
        self.encoding = encoding
        self.codec = PositionCodec(encoding)

    def uri(self, name):
        return (self.folder / "source" / name).as_uri()

    def name(self, uri):
        return uri.rsplit("/", 1)[1]

    def document(self, name):
        return lsp.TextDocumentIdentifier(self.uri(name))

    def open(self, name):
        self.texts[name] = (self.folder / "source" / name).read_text(encoding="utf-8")
        item = lsp.TextDocumentItem(self.uri(name), "markdown", self.version, self.texts[name])
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    def position(self, name, at):
        before = self.texts[name][:at]
        line = before.count("\n")
        words = before[before.rfind("\n") + 1 :]
        return lsp.Position(line, self.codec.client_num_units(words))

    def at(self, name, words, into=0):
        """The place of words in a text, with its document."""
        return {
            "text_document": self.document(name),
            "position": self.position(name, self.texts[name].index(words) + into),
        }

    def bytes(self, name, range):
        lines = self.texts[name].splitlines(keepends=True) + [""]

        def at(position):
            rest, units = lines[position.line], position.character
            letters = 0
            while units > 0:
                units -= self.codec.client_num_units(rest[letters])
                letters += 1
            assert units == 0, "a place stands within a letter"
            return sum(map(len, lines[: position.line])) + letters

        return at(range.start), at(range.end)

    def said(self, name, range):
        start, end = self.bytes(name, range)
        return self.texts[name][start:end]

    def type(self, name, before, words):
        """Words are typed before others, letter by letter."""
        for letter in words:
            at = self.texts[name].index(before)
            place = self.position(name, at)
            self.texts[name] = self.texts[name][:at] + letter + self.texts[name][at:]
            self.change(name, lsp.TextDocumentContentChangePartial(lsp.Range(place, place), letter))

    def change(self, name, event):
        self.version += 1
        document = lsp.VersionedTextDocumentIdentifier(self.version, self.uri(name))
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, [event]))

    def apply(self, edit):
        """Carries out what the server proposes, and tells the server."""
        for uri, edits in edit.changes.items():
            name = self.name(uri)
            placed = sorted(((self.bytes(name, one.range), one.new_text) for one in edits), reverse=True)
            text = self.texts[name]
            for (start, end), new in placed:
                text = text[:start] + new + text[end:]
            self.texts[name] = text
            self.change(name, lsp.TextDocumentContentChangeWholeDocument(text))

    async def problems(self, name):
        """The problems once everything that was typed is known: what is asked waits for it. What the
        pages meet may follow, or not yet."""
        for _ in range(2):
            await self.client.text_document_hover_async(lsp.HoverParams(**self.at(name, "")))
        found = [one for one in self.client.diagnostics.get(self.uri(name), []) if one.code != OF_PAGES]
        return [(problem.code, self.said(name, problem.range)) for problem in found]


@pytest_lsp.fixture(
    params=ENCODINGS,
    ids=[str(encoding.value) for encoding in ENCODINGS],
    config=ClientServerConfig(server_command=[os.environ["CHANCERY"], "lsp"]),
)
async def client(lsp_client: LanguageClient, request, tmp_path):
    project = tmp_path / "project"
    (project / "source").mkdir(parents=True)
    for file in (HERE / "project").iterdir():
        shutil.copy(file, project if file.suffix == ".toml" else project / "source")
    offered = [request.param] if request.param == lsp.PositionEncodingKind.Utf16 else ENCODINGS
    tokens = lsp.SemanticTokensClientCapabilities(
        requests=lsp.ClientSemanticTokensRequestOptions(range=True, full=True),
        token_types=[], token_modifiers=[], formats=[lsp.TokenFormat.Relative],
    )
    capabilities = lsp.ClientCapabilities(
        general=lsp.GeneralClientCapabilities(position_encodings=offered),
        text_document=lsp.TextDocumentClientCapabilities(semantic_tokens=tokens),
        window=lsp.WindowClientCapabilities(show_document=lsp.ShowDocumentClientCapabilities(support=True)),
    )
    result = await lsp_client.initialize_session(
        lsp.InitializeParams(capabilities=capabilities, root_uri=project.as_uri())
    )
    assert result.capabilities.position_encoding == request.param
    lsp_client.legend = result.capabilities.semantic_tokens_provider.legend
    lsp_client.desk = Desk(lsp_client, project, request.param)
    for name in ["a.md", "b.md"]:
        lsp_client.desk.open(name)
    yield
    await lsp_client.shutdown_session()


@pytest.fixture
def desk(client):
    return client.desk


@pytest.mark.asyncio
async def test_problems_are_told_as_one_types_and_fixed(desk):
    assert await desk.problems("a.md") == []
    desk.type("a.md", " end.", " [@csots] 🙂")
    assert await desk.problems("a.md") == [("E0309", "@csots")]
    start = desk.at("a.md", "@csots")["position"]
    context = lsp.CodeActionContext(diagnostics=desk.client.diagnostics[desk.uri("a.md")])
    actions = await desk.client.text_document_code_action_async(
        lsp.CodeActionParams(desk.document("a.md"), lsp.Range(start, start), context)
    )
    [fix] = [action for action in actions if action.kind == lsp.CodeActionKind.QuickFix]
    desk.apply(fix.edit)
    assert "🙂 é [@costs] [@costs] 🙂 end." in desk.texts["a.md"]
    assert await desk.problems("a.md") == []


@pytest.mark.asyncio
async def test_a_name_leads_to_where_it_is_given_and_used(desk):
    found = await desk.client.text_document_definition_async(
        lsp.DefinitionParams(**desk.at("a.md", "é [@costs]", len("é [@co")))
    )
    assert desk.said("a.md", found.range).startswith("## Costs")
    found = await desk.client.text_document_definition_async(lsp.DefinitionParams(**desk.at("a.md", "#aims", 2)))
    assert (desk.name(found.uri), desk.said("b.md", found.range)) == ("b.md", "## Aims {#aims}")
    uses = await desk.client.text_document_references_async(
        lsp.ReferenceParams(
            context=lsp.ReferenceContext(include_declaration=True), **desk.at("b.md", "#costs", 2)
        )
    )
    assert sorted((desk.name(use.uri), desk.said(desk.name(use.uri), use.range)) for use in uses) == [
        ("a.md", "costs"), ("a.md", "costs"), ("a.md", "costs"), ("b.md", "costs"),
    ]


@pytest.mark.asyncio
async def test_a_name_is_another_in_all_files(desk):
    place = desk.at("b.md", "#costs", 2)
    prepared = await desk.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(**place))
    assert desk.said("b.md", prepared.range) == "costs"
    desk.apply(await desk.client.text_document_rename_async(lsp.RenameParams(new_name="price", **place)))
    assert "🙂\tBack to [the costs](a.md#price)." in desk.texts["b.md"]
    assert "## Costs {#price}" in desk.texts["a.md"] and "So\t🙂 é [@price] end." in desk.texts["a.md"]
    assert await desk.problems("a.md") == [] and await desk.problems("b.md") == []


@pytest.mark.asyncio
async def test_a_short_form_is_another_in_its_document(desk):
    place = desk.at("a.md", "NGO says", 1)
    desk.apply(await desk.client.text_document_rename_async(lsp.RenameParams(new_name="NGOs", **place)))
    assert "  NGOs: non-governmental" in desk.texts["a.md"] and "The NGOs says" in desk.texts["a.md"]
    assert await desk.problems("a.md") == []


@pytest.mark.asyncio
async def test_a_file_has_another_name_wherever_it_is_named(desk):
    renamed = lsp.FileRename(old_uri=desk.uri("b.md"), new_uri=desk.uri("aims.md"))
    edit = await desk.client.workspace_will_rename_files_async(lsp.RenameFilesParams([renamed]))
    desk.apply(edit)
    assert "[the aims](aims.md#aims)" in desk.texts["a.md"]


@pytest.mark.asyncio
async def test_what_can_be_written_is_known(desk):
    async def labels(before, words):
        desk.type("a.md", before, words)
        place = desk.at("a.md", before)
        found = await desk.client.text_document_completion_async(lsp.CompletionParams(**place))
        return [item.label for item in found.items]

    found = await labels(" end.", " @")
    assert {"costs", "mind", "meadows2008"} <= set(found)
    assert "title" in await labels('title="Mind"', " ")
    assert "NGO" in await labels("So it ends" if "So it ends" in desk.texts["a.md"] else "Text.", "The NG")


@pytest.mark.asyncio
async def test_what_stands_behind_a_name_is_said(desk):
    async def said(words, into=1):
        hover = await desk.client.text_document_hover_async(lsp.HoverParams(**desk.at("a.md", words, into)))
        return hover.contents.value

    assert "1 Costs" in await said("@costs], [the", 2)
    assert "Thinking in Systems" in await said("@meadows2008", 2)
    assert "non-governmental organisation" in await said("NGO says")
    assert "takes" in await said("numbering:")


@pytest.mark.asyncio
async def test_tokens_stand_on_their_words(desk):
    def decoded(data):
        line = character = 0
        for down, right, length, kind, _ in zip(*[iter(data)] * 5):
            line, character = line + down, right if down else character + right
            range = lsp.Range(lsp.Position(line, character), lsp.Position(line, character + length))
            yield desk.said("a.md", range), desk.client.legend.token_types[kind]

    whole = await desk.client.text_document_semantic_tokens_full_async(
        lsp.SemanticTokensParams(desk.document("a.md"))
    )
    found = list(decoded(whole.data))
    for words in ["title", "abbreviations", "costs", "tip", "NGO", "meadows2008", "mind", "x-price", "n"]:
        assert words in [said for said, _ in found], words
    lines = desk.texts["a.md"].splitlines()
    some = lsp.Range(lsp.Position(0, 0), lsp.Position(lines.index("## Costs {#costs}"), 0))
    part = await desk.client.text_document_semantic_tokens_range_async(
        lsp.SemanticTokensRangeParams(desk.document("a.md"), some)
    )
    assert list(decoded(part.data)) == found[: len(part.data) // 5] and len(part.data) < len(whole.data)


@pytest.mark.asyncio
async def test_the_form_and_the_parts_of_a_text_are_known(desk):
    document = desk.document("a.md")
    symbols = await desk.client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
    assert [(one.name, [child.name for child in one.children]) for one in symbols] == [("1 Costs", ["1.1 More"])]
    assert await desk.client.text_document_folding_range_async(lsp.FoldingRangeParams(document))
    links = await desk.client.text_document_document_link_async(lsp.DocumentLinkParams(document))
    assert ("b.md", "b.md") in [(desk.said("a.md", link.range), desk.name(link.target)) for link in links]
    everything = lsp.Range(lsp.Position(0, 0), lsp.Position(len(desk.texts["a.md"].splitlines()), 0))
    hints = await desk.client.text_document_inlay_hint_async(lsp.InlayHintParams(document, everything))
    assert "Section\u00a01" in [hint.label for hint in hints]
    places = [desk.at("a.md", "Text.")["position"]]
    grown = await desk.client.text_document_selection_range_async(lsp.SelectionRangeParams(document, places))
    assert desk.said("a.md", grown[0].range) == "Text"
    found = await desk.client.workspace_symbol_async(lsp.WorkspaceSymbolParams("aims"))
    assert [one.name for one in found] == ["Aims"]
    desk.type("a.md", "### More", "\n\n")
    options = lsp.FormattingOptions(tab_size=4, insert_spaces=True)
    edits = await desk.client.text_document_formatting_async(lsp.DocumentFormattingParams(document, options))
    desk.apply(lsp.WorkspaceEdit(changes={document.uri: edits}))
    assert "[^n]: A note.\n\n### More" in desk.texts["a.md"]
