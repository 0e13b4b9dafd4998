// node dashboard.mjs EXPECTED.json [SCREENSHOT.png]: opens the dashboard in headless Chromium and compares what a person
// reads with what the API answered. EXPECTED: {url, application, overview: fuju.audit.v1.Overview, spendingPaidFen,
// traceEvents}. Prints each difference; exit code 1 if there is one.
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {chromium} from 'playwright-core';

const expected = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const complaints = [];
const same = (what, got, want) => {
  if (String(got) !== String(want)) complaints.push(`${what}: page ${got}, API ${want}`);
};

const profile = mkdtempSync(join(tmpdir(), 'fuju-chromium-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
         '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  viewport: {width: 1200, height: 1400},
});
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => complaints.push(`script error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('404')) complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(expected.url) && !request.url().startsWith('data:')) {
      complaints.push(`asks another host: ${request.url()}`);
    }
  });
  await page.goto(expected.url);
  await page.getByTestId('money-balance').waitFor();

  const money = expected.overview.money;
  for (const [word, field] of [['allocated', 'allocatedFen'], ['available', 'availableFen'],
                               ['reserved', 'reservedFen'], ['paid', 'paidFen'], ['released', 'releasedFen']]) {
    const figure = page.getByTestId(`money-${word}`);
    same(word, await figure.getAttribute('data-fen'), money[field]);
    // What is read is the same number.
    same(`${word} as text`, (await figure.textContent()).replace(/[¥,.]/g, '').replace(/^0+(?=\d{3})/, ''),
         money[field].padStart(3, '0'));
  }
  for (const {state, applications} of expected.overview.states) {
    same(`state ${state}`, await page.getByTestId(`state-${state}`).textContent(), applications);
  }
  same('events', await page.getByTestId('events').textContent(), expected.overview.events);
  same('spending', await page.getByTestId('spending-paid').getAttribute('data-fen'), expected.spendingPaidFen);
  same('money in Chinese first', await page.locator('h1').textContent(), '辅具补贴审计');
  same('a drawn flow', (await page.locator('#money ~ div svg path').count()) > 0, true);

  await page.getByLabel('申请编号').fill(expected.application);
  await page.getByRole('button', {name: '查询'}).click();
  await page.getByTestId('trace').waitFor();
  same('trace', await page.getByTestId('trace').locator('tbody tr').count(), expected.traceEvents);
  if (process.argv[3] !== undefined) await page.screenshot({path: process.argv[3], fullPage: true});

  await page.getByTestId('language').click();
  same('English by the switch', await page.locator('h1').textContent(), 'Assistive device subsidies: audit');
  same('page language', await page.locator('html').getAttribute('lang'), 'en');
  await page.getByLabel('Application', {exact: true}).fill('applications/620102-nothing');
  await page.getByRole('button', {name: 'Show'}).click();
  await page.getByTestId('trace-error').waitFor();
} finally {
  await browser.close();
  rmSync(profile, {recursive: true, force: true});
}
for (const complaint of complaints) console.log(complaint);
console.log(complaints.length === 0 ? 'the page equals the API' : `${complaints.length} differences`);
process.exit(complaints.length === 0 ? 0 : 1);
