// The stories of ../ours.go in Playwright. Told a name on a line, it plays that
// story and answers with a line: "ok", or what went wrong. It ends with its input.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [base, executablePath, switches] = process.argv.slice(2);
const options = { executablePath, args: switches ? [switches] : [] };
const browser = await chromium.launch(options);

async function signIn(page) {
  await page.goto(base + "/login");
  await page.fill("#user", "alice");
  await page.fill("#pass", "secret");
  await page.click("#go");
  must(await page.innerText("#who"), "alice");
}

function must(got, want) {
  if (got !== want) throw new Error(`got ${got}, want ${want}`);
}

async function cookies(context) {
  return (await context.cookies()).map((c) => c.name).sort().join();
}

const stories = {
  async form() {
    const context = await browser.newContext();
    const page = await context.newPage();
    await signIn(page);
    must(await cookies(context), "seen,sid");
    await page.click("#out");
    must(await page.innerText("#bye"), "bye");
    await context.close();
  },
  async restart() {
    const profile = await mkdtemp(join(tmpdir(), "sessionspec-bench-"));
    try {
      let context = await chromium.launchPersistentContext(profile, options);
      await signIn(context.pages()[0]);
      await context.close();
      context = await chromium.launchPersistentContext(profile, options);
      const page = context.pages()[0];
      await page.goto(base + "/home");
      must(await page.innerText("#who"), "nobody");
      must(await cookies(context), "seen");
      await context.close();
    } finally {
      await rm(profile, { recursive: true, force: true, maxRetries: 20 });
    }
  },
};

console.log("ok");
for await (const name of createInterface({ input: process.stdin })) {
  try {
    await stories[name]();
    console.log("ok");
  } catch (e) {
    console.log(String(e).split("\n")[0]);
  }
}
await browser.close();
