import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { source as axe } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { renderHtml } from '../../../lib/cli/html/page';
import { anAudit } from './a-fleet';

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
    browser = await chromium.launch({ executablePath: CHROMIUM, args: QUIET });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
  });

  async function open(options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
    const [complaints, requests]: [string[], string[]] = [[], []];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    return { page, complaints, requests };
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

  it.each(['light', 'dark'] as const)(
    'is quiet, self-contained and accessible in %s',
    async (colorScheme) => {
      const { page, complaints, requests } = await open({ colorScheme });
      await page.screenshot({ path: join(OUT, `screen-${colorScheme}.png`), fullPage: true });
      expect(complaints).toEqual([]);
      expect(requests).toEqual([address]);
      expect(await violations(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.close();
    },
    60_000,
  );

  it('fits a narrow screen', async () => {
    const { page } = await open({ viewport: { width: 390, height: 844 } });
    expect(await overflow(page)).toBe(0);
    await page.screenshot({ path: join(OUT, 'screen-narrow.png'), fullPage: true });
    await page.close();
  }, 60_000);

  it('prints on paper', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.isVisible('nav')).toBe(false);
    expect(await page.isVisible('.signature')).toBe(true);
    await page.pdf({ path: join(OUT, 'print.pdf'), preferCSSPageSize: true });
    // A4 landscape between its margins, in CSS pixels.
    await page.setViewportSize({ width: 1031, height: 688 });
    expect(await overflow(page)).toBe(0);
    await page.screenshot({ path: join(OUT, 'print.png'), fullPage: true });
    await page.close();
  }, 60_000);
});
