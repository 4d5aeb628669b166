// Judges HTML editions: node check.mjs FOLDER [--of-strangers]
//
// Of the documents of strangers, what they do not say themselves is no fault of
// their editions: which language they are in, where links lead to that they have
// no file for, and how their letters are composed.
//
// Prints one line for each fault and a verdict, and exits with 1 where there
// is a fault. CHROMIUM names the browser (default /usr/bin/chromium).

import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { inBrowser } from "./browser.mjs";
import { links } from "./links.mjs";
import { nu } from "./nu.mjs";

/** The browser takes seconds a page: of a large collection it sees this many, drawn by a fixed seed. */
const SAMPLE = 48;
const SEED = "1";

/** Some files, the same in every run. */
function sample(files, count) {
  const lot = (file) => createHash("sha256").update(SEED + relative(folder, file)).digest("hex");
  const drawn = files.map((file) => [lot(file), file]).sort(([a], [b]) => (a < b ? -1 : 1));
  return drawn.slice(0, count).map(([, file]) => file);
}

const folder = process.argv[2];
if (!folder || !statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
  console.error("usage: node check.mjs FOLDER");
  process.exit(2);
}

const files = readdirSync(folder, { recursive: true })
  .filter((name) => name.endsWith(".html"))
  .map((name) => join(folder, name))
  .sort();
if (files.length === 0) {
  console.error(`${folder}: there are no HTML files to judge`);
  process.exit(1);
}

const seen = sample(files, SAMPLE);
const found = [...nu(files), ...links(files), ...(await inBrowser(seen))];
/** Faults of what strangers wrote. */
const THEIRS = /leads nowhere$|^line \d+: (This document appears to be written in|.*Unicode Normalization Form C)/;
const ofStrangers = process.argv[3] === "--of-strangers";
const faults = found.filter(({ message }) => !(ofStrangers && THEIRS.test(message)));
for (const { file, judge, message } of faults) {
  console.log(`${relative(folder, file)}: ${judge}: ${message}`);
}
const verdict = faults.length === 0 ? "no fault" : `${faults.length} faults`;
console.log(`HTML: ${files.length} pages, ${verdict} (Nu, links; axe-core, keyboard, reflow, no scripts in ${seen.length})`);
process.exit(faults.length === 0 ? 0 : 1);
