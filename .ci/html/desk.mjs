// The writer's desk in a browser: `node desk.mjs CHANCERY` serves a copy of the project's
// sources, edits them, and looks at what becomes of the page.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ROOT = resolve(import.meta.dirname, "../..");
const WIDTHS = [1280, 800, 320];
const PATIENCE = 20000;

const program = resolve(process.argv[2] ?? join(ROOT, "target/release/chancery"));
const pictures = process.argv[3];
const folder = mkdtempSync(join(tmpdir(), "chancery-desk-"));
const faults = [];
const expect = (what, is) => { if (!is) faults.push(what); };

cpSync(join(ROOT, "source"), join(folder, "source"), { recursive: true });
cpSync(join(ROOT, "chancery.toml"), join(folder, "chancery.toml"));
const note = join(folder, "source/note.md");
const text = Array.from({ length: 60 }, (_, n) => `Paragraph ${n} says something that fills a line of the page, and one more.\n`);
const write = paragraphs => {
  // As editors save: a new file takes the place of the old one.
  writeFileSync(`${note}~`, `---\ntitle: A note on water\nlang: en\ndate: 2026-01-01\n---\n\n${paragraphs.join("\n")}`);
  renameSync(`${note}~`, note);
};
write(text);

const opened = join(folder, "opened");
const server = spawn(program, ["serve", "--editor", `${process.execPath} ${join(folder, "editor.mjs")} {file} {line} {column}`], { cwd: folder });
writeFileSync(join(folder, "editor.mjs"), `import { writeFileSync } from "node:fs";
writeFileSync(${JSON.stringify(opened)}, process.argv.slice(2).join(" "));`);
const address = await new Promise(told => createInterface(server.stdout).once("line", told));

/** Waits until something is true of the page, and says what was waited for. */
const until = (page, what, is, value) =>
  page.waitForFunction(is, value, { timeout: PATIENCE }).catch(() => { throw new Error(`${what}: waited in vain`); });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const requests = [];
  page.on("request", request => requests.push(request.url()));
  page.on("console", message => { if (message.type() === "error") faults.push(`console: ${message.text()}`); });
  page.on("pageerror", fault => faults.push(`script: ${fault.message}`));
  await page.goto(address);
  const note = page.getByRole("button", { name: "A note on water" });
  await note.click({ timeout: PATIENCE });
  const drawn = n => until(page, "a page is drawn", n => pages.filter(page => page.canvas.width > 500).length >= n, n);
  await drawn(1);
  await page.evaluate(() => {
    globalThis.ink = () => {
      const canvas = document.querySelector("#pages canvas");
      if (!canvas?.width) return 0;
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      let sum = 0;
      for (let at = 3; at < data.length; at += 4) sum += data[at] > 0 ? 1 : 0;
      return sum;
    };
  });
  const inked = () => page.evaluate(() => ink());
  await until(page, "the first page has words", () => ink() > 1000);
  for (const width of WIDTHS) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.waitForTimeout(300);
      if (pictures) await page.screenshot({ path: `${pictures}/desk-${width}-${colorScheme}.png` });
      const found = await page.evaluate(`${AXE}; axe.run(document, { iframes: false })`);
      for (const { id, help, nodes } of found.violations) {
        faults.push(`${width} ${colorScheme}: ${id}: ${help} (${nodes[0].html.slice(0, 120)})`);
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(`${width}: the page is as wide as the window`, overflow <= 0);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });

  // A click on a word leads to its line, once the page fits the window again.
  await page.evaluate(() => { document.getElementById("pages").scrollTop = 0; });
  await until(page, "the page fits the window",
    () => pages[0]?.canvas.width > 700 && Math.abs(pages[0].canvas.width - pages[0].figure.clientWidth) < 2);
  const box = await page.locator("#pages canvas").first().boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await until(page, "a click leads to its place", () => /note\.md:\d+:\d+/.test(document.getElementById("place").textContent));
  for (let tries = 0; tries < 100 && !existsSync(opened); tries += 1) await page.waitForTimeout(50);
  expect("the editor is opened at the place", existsSync(opened) && / \d+ \d+$/.test(readFileSync(opened, "utf8")));

  // The page follows what is saved; what is scrolled to stays.
  await page.evaluate(() => { document.getElementById("pages").scrollTop = 200; });
  const before = await inked();
  write([text[0].repeat(3), ...text.slice(1)]);
  await until(page, "the page follows what is saved",
    before => ink() > 0 && ink() !== before, before);
  expect("the page does not scroll by itself", (await page.evaluate(() => document.getElementById("pages").scrollTop)) === 200);

  // An error is told, and the last good page stays.
  write([...text, "See [](#nowhere).\n"]);
  await page.getByText("The source has errors").waitFor({ timeout: PATIENCE });
  expect("the last good page stays", (await page.locator("#pages canvas").count()) > 0);
  expect("the problem is listed", (await page.locator("#list").textContent()).includes("nowhere"));
  if (pictures) await page.screenshot({ path: `${pictures}/desk-error.png` });
  write(text);
  await page.getByText("The source has errors").waitFor({ state: "hidden", timeout: PATIENCE });

  // The HTML edition beside it follows too.
  await page.getByLabel("Both").check();
  const frame = page.frameLocator("#html");
  await frame.getByText("Paragraph 7 says").waitFor({ timeout: PATIENCE });
  if (pictures) await page.screenshot({ path: `${pictures}/desk-both.png` });
  // What was changed in it is what it is when it is loaded anew, and what is read stays in its place.
  const reader = "Paragraph 20 says";
  const place = () => frame.getByText(reader).evaluate(element => element.getBoundingClientRect().top);
  await frame.getByText(reader).evaluate(element => {
    element.scrollIntoView();
    globalThis.parent.staying = element;
  });
  const top = await place();
  const [first, last] = [["A new beginning.\n", ...text.slice(0, 40)], text.slice(40)];
  const texts = [
    [[...first, ...last], "A new beginning."],
    [[...first, "## A new section {#new}\n", ...last], "A new section"],
    [[...first, "## A new section {#new}\n", ...last, "The `end` of *it*.\n"], "The end of it."],
    [[...first, "## A newer section {#new}\n", ...last, "The `end` of **it**.[^1]\n", "[^1]: A note.\n"], "A note."],
    [["| Columns | B |\n|--|--|\n| one | two |\n", ...first, "## A newer section {#new}\n", ...last], "Columns"],
  ];
  for (const [next, words] of texts) {
    write(next);
    await frame.getByText(words).first().waitFor({ timeout: PATIENCE });
    const differs = await page.evaluate(async () => {
      const fresh = await (await fetch(`html/${current}`)).text();
      const shown = document.getElementById("html").contentDocument.cloneNode(true);
      const { DOMParser } = document.getElementById("html").contentWindow;
      const wanted = new DOMParser().parseFromString(fresh, "text/html");
      [shown, wanted].forEach(page => page.normalize());
      return shown.documentElement.isEqualNode(wanted.documentElement) ? "" : shown.documentElement.outerHTML;
    });
    expect(`after ${words} the HTML view is the edition: ${differs.slice(0, 200)}`, differs === "");
    expect(`after ${words} what did not change stays`, await page.evaluate(() => staying.isConnected));
    expect(`after ${words} what is read stays where it is`, Math.abs(await place() - top) < 3);
  }

  // A document that is gone is gone; one that comes back is there.
  rmSync(join(folder, "source/note.md"));
  await note.waitFor({ state: "detached", timeout: PATIENCE });
  write(text);
  await note.waitFor({ timeout: PATIENCE });

  for (const request of requests) expect(`nothing leaves the machine: ${request}`, request.startsWith(address.split("/").slice(0, 3).join("/")));
} catch (fault) {
  faults.push(String(fault));
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of new Set(faults)) console.error(`desk: ${fault}`);
console.log(faults.length ? `desk: ${faults.length} faults` : "desk: nothing found");
process.exit(faults.length ? 1 : 0);
