// Starts Chancery's language server, and shows its live page in a panel beside the text.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

// The server's commands.
const PAGES = "chancery.pages";
const REVEAL = "chancery.reveal";
// So long the caret must rest, in milliseconds, before the page shows its place.
const REST = 120;

let client;
let panel;
let waiting;

const settings = () => vscode.workspace.getConfiguration("chancery");

/** What the server answers to a command about the place of the caret. */
function execute(command) {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId !== "markdown" || !client?.isRunning()) {
    return undefined;
  }
  const argument = { uri: String(editor.document.uri), position: editor.selection.active };
  return client.sendRequest("workspace/executeCommand", { command, arguments: [argument] });
}

/** The address of the live page, as this window can reach it; says why there is none. */
async function address() {
  if (vscode.env.uiKind === vscode.UIKind.Web) {
    // It would come through the server of the editor, and the live page answers this machine alone.
    vscode.window.showInformationMessage("Chancery's live page needs an editor that is no page of a browser.");
    return undefined;
  }
  try {
    const answer = await execute(PAGES);
    return answer && (await vscode.env.asExternalUri(vscode.Uri.parse(answer.address, true)));
  } catch (error) {
    vscode.window.showErrorMessage(`Chancery has no live page: ${error.message}`);
    return undefined;
  }
}

async function openPages() {
  const page = await address();
  if (!page) {
    return;
  }
  if (!panel) {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    // A frame may run no more than what holds it; the policy of the panel's own page allows no script.
    const options = { enableScripts: true, retainContextWhenHidden: true };
    panel = vscode.window.createWebviewPanel("chancery.pages", "Live Page", place, options);
    panel.onDidDispose(() => (panel = undefined));
  }
  panel.webview.html = frame(page);
  panel.reveal(undefined, true);
}

/** A page that holds the live page and may load nothing else. */
function frame(page) {
  const policy = `default-src 'none'; frame-src ${page.scheme}://${page.authority}; style-src 'unsafe-inline'`;
  const source = String(page).replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Live Page</title>
<style>html, body, iframe { border: 0; height: 100%; margin: 0; padding: 0; width: 100%; }</style>
<iframe title="Live page" src="${source}"></iframe>
</html>`;
}

async function openInBrowser() {
  const page = await address();
  if (page) {
    await vscode.env.openExternal(page);
  }
}

/** Follows the caret once it rests, as long as somebody looks. */
function follow() {
  clearTimeout(waiting);
  if (panel?.visible && settings().get("followCaret", true)) {
    waiting = setTimeout(() => execute(REVEAL)?.catch(() => {}), REST);
  }
}

exports.activate = async (context) => {
  const server = { command: settings().get("path", "chancery"), args: ["lsp"] };
  const documentSelector = [
    { scheme: "file", language: "markdown" },
    { scheme: "file", pattern: "**/chancery.toml" },
  ];
  const watched = vscode.workspace.createFileSystemWatcher("**/*.{md,markdown,toml,bib,csl,csv,yml,yaml,svg,png,jpg}");
  client = new LanguageClient("chancery", "Chancery", server, {
    documentSelector,
    synchronize: { fileEvents: watched },
    // The server's commands want the place of the caret: the extension's own send it.
    middleware: { executeCommand: (command, _, next) => (command === PAGES ? openPages() : next(command, [])) },
  });
  context.subscriptions.push(
    watched,
    vscode.commands.registerCommand("chancery.openPages", openPages),
    vscode.commands.registerCommand("chancery.openInBrowser", openInBrowser),
    vscode.commands.registerCommand("chancery.showOnPage", () => execute(REVEAL)),
    vscode.window.onDidChangeTextEditorSelection(follow),
  );
  await client.start();
};

exports.deactivate = async () => {
  clearTimeout(waiting);
  await client?.stop();
};
