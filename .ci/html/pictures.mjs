// The handbook's pictures of the writer's desk: `node pictures.mjs CHANCERY FOLDER` serves the
// project's sources, and leaves desk-1280.png and desk-800.png in the folder, in few colours so
// that they are small (PYTHON names a Python that has Pillow).

import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const ROOT = resolve(import.meta.dirname, "../..");
const DOCUMENT = "source/fields-of-cooperation/justice-freedom-security.md";
const COLOURS = 48;
const [program, pictures] = process.argv.slice(2).map(path => resolve(path));

const folder = mkdtempSync(join(tmpdir(), "chancery-pictures-"));
for (const name of ["source", "chancery.toml"]) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
const text = readFileSync(join(folder, DOCUMENT), "utf8");
const server = spawn(program, ["serve"], { cwd: folder });
const address = await new Promise(told => createInterface(server.stdout).once("line", told));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu"],
});

/** A picture of the desk as it is, in few colours. */
async function picture(page, name) {
  // What is drawn has come to rest: two pictures are the same.
  for (let last, next; !(last && next.equals(last)); last = next) {
    await page.waitForTimeout(500);
    next = await page.screenshot({ path: join(pictures, name) });
    if (last && next.equals(last)) break;
  }
  const path = join(pictures, name);
  const fewer = `from PIL import Image; import sys
Image.open(sys.argv[1]).convert("RGB").quantize(${COLOURS}, dither=0).save(sys.argv[1], optimize=True)`;
  execFileSync(process.env.PYTHON ?? "python3", ["-c", fewer, path]);
}

try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 720 }, colorScheme: "light" });
  await page.goto(address);
  await page.getByRole("button", { name: DOCUMENT }).click();
  await page.waitForFunction(() => pages.some(page => page.canvas.width > 300));
  await page.getByLabel("Both").check();
  await picture(page, "desk-1280.png");
  await page.setViewportSize({ width: 800, height: 640 });
  await page.getByRole("radio", { name: "Pages" }).check();
  writeFileSync(join(folder, DOCUMENT), `${text}\nSee [@border] for more.\n`);
  await page.getByText("The source has errors").waitFor();
  await picture(page, "desk-800.png");
} finally {
  await browser.close();
  server.kill();
  rmSync(folder, { recursive: true, force: true });
}
