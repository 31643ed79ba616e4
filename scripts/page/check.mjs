// Opens reports in headless Chromium: no request beyond the file, no console error, and nothing that axe-core finds wrong, on a
// wide and a narrow screen. CHROMIUM names the browser (default: /usr/bin/chromium).
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
});
let wrong = 0;
for (const file of process.argv.slice(2).map((name) => path.resolve(name))) {
  for (const width of [1200, 380]) {
    // The page's own policy forbids scripts: the checker's is let in past it, the page's requests are counted all the same.
    const context = await browser.newContext({ viewport: { width, height: 900 }, bypassCSP: true });
    const page = await context.newPage();
    const found = [];
    page.on("request", (request) => {
      if (request.url() !== `file://${file}`) found.push(`request: ${request.url()}`);
    });
    page.on("console", (message) => {
      if (message.type() === "error") found.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => found.push(`error: ${error}`));
    await page.goto(`file://${file}`);
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate(() => window.axe.run());
    for (const one of violations) found.push(`axe: ${one.id}, ${one.nodes.length} times: ${one.nodes[0].html}`);
    const beyond = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    if (beyond) found.push("the page is wider than the screen");
    console.log(`${file}, ${width} wide: ${passes.length} rules passed, ${found.length} faults`);
    for (const one of found) console.log(`  ${one}`);
    wrong += found.length;
    await context.close();
  }
}
await browser.close();
process.exit(wrong ? 1 : 0);
