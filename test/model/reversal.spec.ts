import { expect } from 'chai';
import fc from 'fast-check';
import { modules } from '../../src/app/modules';
import { verifyLedger } from '../../src/ledger';
import { TENDER_KINDS } from '../../src/modules/sales';
import { forEachDatabase } from '../support/databases';
import { samplePurchasing } from '../support/purchasing';
import { random } from '../support/random';
import { type Books, differences, withChanges } from '../support/shop-books';
import { ShopDay, type Step } from '../support/shop-day';

// Longer by environment: ERP_TEST_REVERSAL_RUNS=300 ERP_TEST_SEED=17 npm test -- model/reversal
const RUNS = Number(process.env['ERP_TEST_REVERSAL_RUNS'] ?? 0);
const SEED = Number(process.env['ERP_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const SIZE = { sqlite: { runs: 25, steps: 30, limitMs: 60_000 }, server: { runs: 3, steps: 12, limitMs: 60_000 } };

const few = fc.integer({ min: 0, max: 3 });
const shop = fc.integer({ min: 0, max: 1 });
const costFen = fc.integer({ min: 1, max: 9_999 });
const kind = fc.constantFrom(...TENDER_KINDS);
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record<T>(model);

type Of<D extends Step['do']> = Extract<Step, { do: D }>;
const receive = record<Of<'receive'>>({
  do: fc.constant('receive'),
  shop,
  phones: few,
  chargers: fc.nat(9),
  costFen,
  invoiced: fc.boolean(),
});
const open = record<Of<'open'>>({ do: fc.constant('open'), shop, phones: few, chargers: fc.nat(9), costFen });
const sell = record<Of<'sell'>>({
  do: fc.constant('sell'),
  shop,
  phones: fc.uniqueArray(fc.nat(3), { maxLength: 3 }),
  chargers: fc.nat(5),
  discount: fc.integer({ min: 0, max: 100 }),
  pay: fc.array(fc.tuple(kind, fc.nat(100)), { minLength: 1, maxLength: 4 }),
});
const takeBack = record<Of<'return'>>({
  do: fc.constant('return'),
  sale: fc.nat(5),
  shop,
  part: fc.integer({ min: 1, max: 100 }),
  broken: fc.boolean(),
  pay: kind,
});
const close = record<Of<'close'>>({
  do: fc.constant('close'),
  shop,
  wrongByFen: fc.integer({ min: -9_000, max: 9_000 }),
});
const undo = record<Of<'undo'>>({ do: fc.constant('undo'), document: fc.nat(9) });
const sleep = fc.constant<Step>({ do: 'sleep' });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: receive as fc.Arbitrary<Step> },
  { weight: 2, arbitrary: open as fc.Arbitrary<Step> },
  { weight: 8, arbitrary: sell as fc.Arbitrary<Step> },
  { weight: 4, arbitrary: takeBack as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: close as fc.Arbitrary<Step> },
  { weight: 3, arbitrary: undo as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: sleep },
);

/** The books are what they were in the beginning and what the documents that stand have done, and nothing else. */
async function expectBooks(day: ShopDay, beginning: Books): Promise<void> {
  const expected = withChanges(
    beginning,
    day.standing().map(({ change }) => change),
  );
  expect(differences(expected, await day.books())).to.eql([]);
}

/** Undoes a document when it can be, and only then; a refusal leaves everything as it was. */
async function tryUndo(day: ShopDay, beginning: Books, index: number): Promise<boolean> {
  const candidates = day.standing().filter((document) => document.kind !== 'shift');
  const document = candidates[index % Math.max(1, candidates.length)];
  if (!document) return false;
  const reason = await day.whyNot(document);
  const refusal = await day.undo(document);
  expect(refusal === undefined, `"${document.say}": refused as ${refusal}, the clerk's reason: ${reason}`).to.equal(
    reason === undefined,
  );
  await expectBooks(day, beginning);
  return refusal === undefined;
}

/** Undoes all that can be undone, in an order of chance; one undone may free another. */
async function undoAll(day: ShopDay, beginning: Books, order: number): Promise<void> {
  const chance = random(order);
  for (let undone = true; undone;) {
    undone = false;
    const rounds = day.standing().length;
    for (let round = 0; round < rounds; round++) undone = (await tryUndo(day, beginning, chance.below(1000))) || undone;
    // Chance may have missed the only one that can go.
    for (let index = 0; !undone && index < rounds; index++) undone = await tryUndo(day, beginning, index);
  }
}

describe('undoing documents (红冲)', () => {
  forEachDatabase((context) => {
    const size = context.kind === 'sqlite' ? SIZE.sqlite : SIZE.server;

    it(`takes exactly their effect away, whatever came between: seed ${SEED}`, async function () {
      this.timeout(600_000);
      let now = Date.UTC(2026, 10, 22, 1, 0, 0);
      const { uow } = await context.openUow({ clock: () => (now += 1000) });
      const sample = await samplePurchasing(uow);
      let documents = 0;
      let clean = 0;
      const property = fc.asyncProperty(
        // A shop that has something to sell.
        fc.tuple(receive, open),
        fc.array(step, { maxLength: size.steps, size: 'max' }),
        fc.nat(),
        async (goods, further, order) => {
          const day = await ShopDay.begin(uow, sample, (ms) => (now += ms));
          const beginning = await day.books();
          try {
            for (const one of [...goods, ...further]) {
              if (one.do === 'undo') await tryUndo(day, beginning, one.document);
              else await day.take(one);
            }
            await expectBooks(day, beginning);
            await undoAll(day, beginning, order);
          } catch (error) {
            throw new Error(`${day.story.join('\n')}\n${(error as Error).message}`, { cause: error });
          }
          documents += day.documents.length;
          if (day.standing().length === 0) clean += 1;
        },
      );
      await fc.assert(property, {
        seed: SEED,
        numRuns: RUNS || size.runs,
        // What a busy machine did not get to is left; what it did get to counts.
        plugins: [fc.interruptAfterTimeLimit(RUNS ? 3_600_000 : size.limitMs, { failOnInterrupt: false })],
      });
      expect(documents).to.be.greaterThan(0);
      // A few days may all have a closed shift in them.
      if (context.kind === 'sqlite') expect(clean, 'days of which nothing was left').to.be.greaterThan(0);
      const verdict = await verifyLedger(
        uow.database.read,
        modules.flatMap((one) => one.checks ?? []),
      );
      expect(verdict.checks.filter(({ ok }) => !ok)).to.eql([]);
    });
  });
});
