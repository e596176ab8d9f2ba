import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { renderHtml } from '../../../lib/cli/html/page';
import { anAudit, anAuditOfSize } from './a-fleet';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  existsSync,
);
if (!CHROMIUM) console.info('Chromium is not installed: the page is not looked at in a browser.');

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const OUT = resolve('out/audit');

(CHROMIUM ? describe : describe.skip)('the audit page in a browser', () => {
  let browser: Browser;
  let address: string;

  beforeAll(async () => {
    mkdirSync(OUT, { recursive: true });
    const file = join(OUT, 'audit.html');
    writeFileSync(file, renderHtml(anAudit()));
    address = pathToFileURL(file).href;
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET, timeout: 0 });
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Jest alone ends what hangs. */
  async function newPage(options: Parameters<Browser['newPage']>[0]): Promise<Page> {
    const page = await browser.newPage(options);
    page.setDefaultTimeout(0);
    return page;
  }

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    return { page, complaints, requests };
  }

  /** For a person to look at. Chromium refuses a capture now and then, and takes the same one when it is asked again: robotframework-browser #5237. */
  async function picture(page: Page, name: string): Promise<void> {
    const take = () => page.screenshot({ path: join(OUT, name), fullPage: true });
    await take().catch((error) => {
      if (!String(error).includes('Unable to capture screenshot')) throw error;
      return take();
    });
  }

  const violations = (page: Page): Promise<string[]> =>
    page
      .evaluate(axe)
      .then(() =>
        page.evaluate(
          'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).slice(0, 3).join(" ")))',
        ),
      );

  const overflow = (page: Page) =>
    page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  const WIDTHS = [1280, 700, 375] as const;

  it.each(WIDTHS.flatMap((width) => [[width, 'light'] as const, [width, 'dark'] as const]))(
    'is quiet, self-contained and accessible at %i pixels in %s',
    async (width, colorScheme) => {
      const { page, complaints, requests } = await open({ colorScheme, viewport: { width, height: 900 } });
      await picture(page, `screen-${width}-${colorScheme}.png`);
      expect(complaints).toEqual([]);
      expect(requests).toEqual([address]);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.close();
    },
  );

  /** Tables of which a part is out of sight until somebody scrolls sideways. */
  const scrolled = (page: Page) =>
    page.evaluate(
      '[...document.querySelectorAll("main *")].filter((each) => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== "visible" && !each.closest(".hidden, .columns")).map(({ className }) => className)',
    );

  it.each([360, 375, 599])(
    'shows each row as a card at %i pixels, and nothing has to be scrolled sideways',
    async (width) => {
      const { page } = await open({ viewport: { width, height: 800 } });
      expect(await overflow(page)).toBe(0);
      expect(await scrolled(page)).toEqual([]);
      const card = (await page.locator('.keys tbody tr').first().boundingBox())!;
      const [name, verdict] = await Promise.all(
        ['th', 'td[data-label="Last verdict"]'].map((part) =>
          page.locator(`.keys tbody tr:has([data-label="Live key"]) ${part}`).first().boundingBox(),
        ),
      );
      expect(card.width).toBeGreaterThan(width - 40);
      expect(verdict!.y).toBeGreaterThan(name!.y + name!.height - 1);
      expect(
        await page.evaluate(
          'getComputedStyle(document.querySelector("[data-label=\\"Last verdict\\"]"), "::before").content',
        ),
      ).toContain('Last verdict');
      await page.close();
    },
  );

  it('is still a table to a screen reader where it looks like cards', async () => {
    const { page } = await open({ viewport: { width: 375, height: 800 } });
    const tree = await page.locator('.keys').ariaSnapshot();
    expect(tree).toMatch(/^- table/);
    expect(tree).toContain('- columnheader "Last verdict"');
    expect(tree).toContain('- rowheader "prod/api-gateway');
    await page.close();
  });

  it.each(['light', 'dark'] as const)(
    'prints dark ink on white paper, whatever the screen is: %s',
    async (colorScheme) => {
      const { page } = await open({ colorScheme });
      await page.emulateMedia({ media: 'print', colorScheme });
      expect(await page.isVisible('nav')).toBe(false);
      expect(await page.isVisible('.signature')).toBe(true);
      const colours =
        'getComputedStyle(document.body).backgroundColor + " " + getComputedStyle(document.body).color';
      expect(await page.evaluate(colours)).toBe('rgb(255, 255, 255) rgb(34, 32, 28)');
      // A4 landscape between its margins, in CSS pixels.
      await page.setViewportSize({ width: 1031, height: 688 });
      expect(await overflow(page)).toBe(0);
      expect(await violations(page)).toEqual([]);
      await picture(page, `print-${colorScheme}.png`);
      await page.close();
    },
  );

  it('repeats the names of columns on every sheet, and parts neither a row nor a heading from what follows', async () => {
    const { page } = await open();
    await page.emulateMedia({ media: 'print' });
    const rules = (selector: string, ...names: string[]) =>
      page.evaluate(
        `${JSON.stringify(names)}.map((name) => getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(name))`,
      );
    expect(await rules('.history thead', 'display', 'break-after')).toEqual(['table-header-group', 'avoid']);
    expect(await rules('.keys tbody tr', 'break-inside', 'break-before')).toEqual(['avoid', 'avoid']);
    expect(await rules('section .head', 'break-inside', 'break-after')).toEqual(['avoid', 'avoid']);
    expect(await rules('h3', 'break-after')).toEqual(['avoid']);
    expect(await rules('.legend', 'break-inside', 'break-after')).toEqual(['avoid', 'avoid']);
    await page.pdf({ path: join(OUT, 'print.pdf'), preferCSSPageSize: true });
    await page.close();
  });

  it('opens a thousand keys on a phone and on paper', async () => {
    const file = join(OUT, 'thousand.html');
    writeFileSync(file, renderHtml(anAuditOfSize(1000)));
    const page = await newPage({ viewport: { width: 375, height: 800 } });
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('.keys tbody tr').count()).toBe(1000);
    expect(await overflow(page)).toBe(0);
    await page.pdf({ path: join(OUT, 'thousand.pdf'), preferCSSPageSize: true });
    await page.close();
  });
});
