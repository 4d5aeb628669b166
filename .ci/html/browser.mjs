// What only a browser can tell: accessibility as axe-core sees it, reflow,
// the keyboard, and that the page is whole without scripts.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];
/** CSS pixels: WCAG 2.2, success criterion 1.4.10 (Reflow), and a desk. */
const WIDTHS = [320, 1280];
const SCHEMES = ["light", "dark"];

/** Faults a browser finds in files. */
export async function inBrowser(files) {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const queue = [...files];
  const faults = new Map();
  const worker = async () => {
    for (let file = queue.shift(); file; file = queue.shift()) {
      faults.set(file, await judge(browser, file));
    }
  };
  await Promise.all(cpus().map(worker));
  await browser.close();
  return files.flatMap((file) => faults.get(file));
}

async function judge(browser, file) {
  const faults = [];
  const fault = (judge, message) => faults.push({ file, judge, message });
  const address = pathToFileURL(resolve(file)).href;
  let words;
  for (const width of WIDTHS) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      const page = await context.newPage();
      page.on("request", (request) => {
        if (request.url() !== address && !request.url().startsWith("data:")) {
          fault("self-contained", `asks for ${request.url()}`);
        }
      });
      await page.goto(address);
      const setting = `${width} px, ${colorScheme}`;
      for (const { id, help, nodes } of await axe(page)) {
        fault("axe-core", `${setting}: ${id}: ${help}: ${nodes.slice(0, 3).join(" ")} (${nodes.length} places)`);
      }
      if (colorScheme === SCHEMES[0]) {
        for (const message of await reflow(page)) {
          fault("reflow", `${setting}: ${message}`);
        }
        for (const message of await keyboard(page)) {
          fault("keyboard", `${setting}: ${message}`);
        }
        words = await page.locator("body").innerText();
      }
      await context.close();
    }
  }
  const context = await browser.newContext({ viewport: { width: WIDTHS.at(-1), height: 900 }, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(address);
  if ((await page.locator("body").innerText()) !== words) {
    fault("no scripts", "the page says something else with scripts off");
  }
  await context.close();
  return faults;
}

async function axe(page) {
  await page.evaluate(AXE);
  return page.evaluate(async (values) => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: { type: "tag", values },
      rules: { "target-size": { enabled: true } },
      resultTypes: ["violations"],
    });
    return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target }) => target.join(" ")) }));
  }, STANDARDS);
}

/** Nothing is wider than the window, but for what scrolls by itself, and shows that it does. */
async function reflow(page) {
  return page.evaluate(() => {
    const cut = [...document.body.querySelectorAll("*")].filter(
      (element) => element.scrollWidth > element.clientWidth && getComputedStyle(element).overflowX === "auto",
    );
    const silent = cut.filter((element) => !getComputedStyle(element).backgroundImage.includes("gradient"));
    const faults = silent.map((element) => `<${element.tagName.toLowerCase()} class="${element.className}"> scrolls and does not show it`);
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) {
      return faults;
    }
    const wide = [...document.body.querySelectorAll("*")].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1 && !element.closest(".scroll"),
    );
    const name = wide.at(-1) ? `<${wide.at(-1).tagName.toLowerCase()} class="${wide.at(-1).className}">` : "something";
    return [...faults, `the page is ${scrollWidth} px wide because of ${name}`];
  });
}

/** The tab key reaches every link and every region that scrolls, and shows where it is. */
async function keyboard(page) {
  const count = await page.evaluate(() => {
    globalThis.reached = new Set();
    globalThis.unseen = [];
    document.addEventListener("focusin", ({ target }) => {
      globalThis.reached.add(target);
      const { outlineStyle, outlineWidth } = getComputedStyle(target);
      const box = target.getBoundingClientRect();
      if (outlineStyle === "none" || outlineWidth === "0px" || box.width < 2 || box.height < 2) {
        globalThis.unseen.push(target.outerHTML.slice(0, 80));
      }
    });
    return document.querySelectorAll("a[href], [tabindex]").length;
  });
  for (let press = 0; press < count; press += 1) {
    await page.keyboard.press("Tab");
  }
  return page.evaluate(() => {
    const missed = [...document.querySelectorAll("a[href], [tabindex]")].filter((element) => !globalThis.reached.has(element));
    return [
      ...missed.map((element) => `cannot reach ${element.outerHTML.slice(0, 80)}`),
      ...globalThis.unseen.map((html) => `focus does not show on ${html}`),
    ];
  });
}
