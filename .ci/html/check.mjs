// Judges HTML editions: node check.mjs FOLDER
//
// Prints one line for each fault and a verdict, and exits with 1 where there
// is a fault. CHROMIUM names the browser (default /usr/bin/chromium).

import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { inBrowser } from "./browser.mjs";
import { links } from "./links.mjs";
import { nu } from "./nu.mjs";

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

const faults = [...nu(files), ...links(files), ...(await inBrowser(files))];
for (const { file, judge, message } of faults) {
  console.log(`${relative(folder, file)}: ${judge}: ${message}`);
}
const verdict = faults.length === 0 ? "no fault" : `${faults.length} faults`;
console.log(`HTML: ${files.length} pages, ${verdict} (Nu, axe-core, links, keyboard, reflow, no scripts)`);
process.exit(faults.length === 0 ? 0 : 1);
