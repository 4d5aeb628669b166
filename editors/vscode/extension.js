// Starts Chancery's language server, and its live page in the browser.

const { spawn } = require("node:child_process");
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;
let pages;

function program() {
  return vscode.workspace.getConfiguration("chancery").get("path", "chancery");
}

/** The live page of the project that the active file is in; started once. */
function openPages() {
  const file = vscode.window.activeTextEditor?.document.uri;
  const folder = file && vscode.workspace.getWorkspaceFolder(file);
  if (!folder || pages) {
    return;
  }
  pages = spawn(program(), ["serve"], { cwd: folder.uri.fsPath });
  pages.stdout.once("data", (address) => vscode.env.openExternal(vscode.Uri.parse(String(address).trim())));
  pages.on("error", (error) => vscode.window.showErrorMessage(`Chancery cannot be started: ${error.message}`));
  pages.on("exit", () => (pages = undefined));
}

exports.activate = async (context) => {
  context.subscriptions.push(vscode.commands.registerCommand("chancery.openPages", openPages));
  const server = { command: program(), args: ["lsp"] };
  const selector = [{ scheme: "file", language: "markdown" }];
  client = new LanguageClient("chancery", "Chancery", server, { documentSelector: selector });
  await client.start();
};

exports.deactivate = async () => {
  pages?.kill();
  await client?.stop();
};
