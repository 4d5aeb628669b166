// Links inside the folder lead to files and ids that exist, and no page holds
// anything that could run.

import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "parse5";

/** Faults in the links of files. */
export function links(files) {
  const pages = new Map();
  const page = (file) => {
    if (!pages.has(file)) {
      pages.set(file, read(file));
    }
    return pages.get(file);
  };
  return files.flatMap((file) => {
    const { addresses, running } = page(resolve(file));
    const dead = addresses.filter((address) => !leadsSomewhere(address, resolve(file), page));
    return [
      ...dead.map((address) => ({ file, judge: "links", message: `${address} leads nowhere` })),
      ...running.map((what) => ({ file, judge: "no scripts", message: what })),
    ];
  });
}

function leadsSomewhere(address, from, page) {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address)) {
    return true;
  }
  const [path, fragment] = address.split("#", 2);
  const file = path === "" ? from : resolve(dirname(from), decodeURIComponent(path));
  if (!existsSync(file)) {
    return false;
  }
  return !fragment || !file.endsWith(".html") || page(file).ids.has(decodeURIComponent(fragment));
}

function read(file) {
  const ids = new Set();
  const addresses = [];
  const running = [];
  const walk = (node) => {
    for (const { name, value } of node.attrs ?? []) {
      if (name === "id") {
        ids.add(value);
      } else if (name === "href" && node.tagName !== "link") {
        addresses.push(value);
      }
      if (name.startsWith("on") || /^\s*javascript:/i.test(value)) {
        running.push(`<${node.tagName} ${name}>`);
      }
    }
    if (["script", "iframe", "object", "embed"].includes(node.tagName)) {
      running.push(`<${node.tagName}>`);
    }
    (node.childNodes ?? []).forEach(walk);
  };
  walk(parse(readFileSync(file, "utf8")));
  return { ids, addresses, running };
}
