import { expect } from 'chai';
import { receiptBench } from '../../../bench/b1-receipt';
import { salesBench } from '../../../bench/b2-sales';
import { verifyBooks } from '../../../bench/books';
import { fillDevices } from '../../../bench/many-devices';
import type { BenchContext, Figure } from '../../../bench/measurement';
import { comparison, figureTable } from '../../../bench/report';
import { openScratch, type Scratch } from '../../../bench/scratch';

/** That the measurements work and leave right books behind; how quick anything is, is never asserted. */
describe('measurements', function () {
  this.timeout(240_000);
  let scratch: Scratch;
  let context: BenchContext & { release: () => void };
  before(async () => (scratch = await openScratch(['sqlite'])));
  after(() => scratch.close());
  beforeEach(() => (context = scratch.context('sqlite', { scale: 'tiny', say: () => undefined })));
  afterEach(() => context.release());

  it('posts a receipt and writes the same rows by the bare driver', async () => {
    const [posted, checked] = await receiptBench.run(context);
    expect(posted).to.include({ database: 'sqlite', unit: 'ms', better: 'less' });
    // 20 handsets: a device, a number and an event each; posting, stock, journal, payable, audit, outbox.
    expect(posted?.ceiling?.name).to.match(/the same 6[5-9] rows/);
    for (const value of [posted?.value, posted?.share, posted?.ceiling?.value, checked?.value])
      expect(value).to.be.greaterThan(0);
  });

  it('sells through the server’s till, and the books hold afterwards', async () => {
    const figures = await salesBench.run(context);
    const rates = figures.filter(({ unit }) => unit === 'sales/s');
    expect(rates.map(({ name }) => name)).to.deep.equal([
      'B2 sales, 1 client',
      'B2 sales, 8 clients',
      'B2 sales, 8 clients, one store, the same accessories',
    ]);
    for (const { value, share, ceiling } of rates) {
      expect(value).to.be.greaterThan(0);
      expect(share).to.be.greaterThan(0);
      expect(ceiling?.value).to.be.greaterThan(0);
    }
    expect(rates[1]?.target?.text).to.equal('≥ 35 % of the ceiling');
  });

  it('fills a database with devices whose books hold, and finds it when they do not', async () => {
    const url = await context.freshUrl();
    await fillDevices(url, context.folder, 3000);
    const driver = await context.bareDriver(url);
    const [[devices], [numbers]] = [
      (await driver.query('SELECT COUNT(*) FROM device'))[0] ?? [],
      (await driver.query('SELECT COUNT(DISTINCT active_key) FROM device_identifier'))[0] ?? [],
    ];
    expect([devices, numbers]).to.deep.equal([3000, 3000]);
    await verifyBooks(url);
    await driver.run('UPDATE stock_balance SET quantity = quantity + 1 WHERE by_device = 1');
    await driver.close();
    const verdict = await verifyBooks(url).catch((error: unknown) => error);
    expect(String(verdict)).to.contain('stock.devices');
  });

  it('compares two runs by shares of the ceiling, beyond what both scatter', () => {
    const figure = (share: number, spread: number): Figure => ({
      name: 'B2 sales',
      database: 'sqlite',
      value: 100,
      unit: 'sales/s',
      better: 'more',
      spread,
      ceiling: { name: 'bare', value: 200 },
      share,
    });
    expect(comparison([figure(0.3, 0.05)], [figure(0.5, 0.05)])).to.contain('SLOWER');
    expect(comparison([figure(0.46, 0.05)], [figure(0.5, 0.05)])).to.contain('as before');
    expect(comparison([figure(0.6, 0.02)], [figure(0.5, 0.02)])).to.contain('faster');
    expect(figureTable([figure(0.3, 0.05)])).to.contain('30 %');
  });
});
