import { expect } from 'chai';
import { RowRestorer } from '../../../src/platform/backup';
import {
  type AnyTable,
  col,
  type Database,
  defineTable,
  openBulkLoad,
  openDatabase,
  openSnapshot,
} from '../../../src/platform/database';
import { createTable } from '../../../src/platform/database/portable';
import { writeRows } from '../../../src/platform/database/row-lines';
import { forEachDatabase } from '../../support/databases';

const plain = {
  id: col.id().primary(),
  code: col.code(400).nullable(),
  note: col.text(400).nullable(),
  story: col.longText().nullable(),
  detail: col.json<unknown>().nullable(),
  active: col.bool(),
  amountFen: col.money().nullable(),
  quantity: col.quantity(),
  soldAt: col.instant(),
  soldOn: col.date(),
};
const lined = defineTable('lined', plain);
const withBytes = { ...plain, picture: col.bytes().nullable() };
const pictured = defineTable('pictured', withBytes);
const coded = { code: col.code(40).primary(), amountFen: col.money() };
const byCode = defineTable('by_code', coded);

const NASTY = [
  'plain',
  '雪山粉 🍎 é',
  `quote " and ' and \` and \\ and \\\\ and \\n and \\u0041 and / and </script>`,
  '],[ ),( null, ]\n[ ;-- $1 ? ?? :name @x %s',
  '\b\f\n\r\t\v\u001f\u0001\u007f\u0080\u2028\u2029\uFEFF',
  'ends with a backslash \\',
  '{"a":[1,2,"\\u0007"]}',
];
const row = (id: number, text: string | null) => ({
  id,
  code: text,
  note: text,
  story: text,
  detail: text === null ? null : { text },
  active: id % 2 === 0,
  amountFen: text === null ? null : -9_007_199_254_740_991 + id,
  quantity: 9_007_199_254_740_991 - id,
  soldAt: 1_795_000_000_000 + id,
  soldOn: '2026-11-23',
});

describe('rows as lines of a backup', function () {
  this.timeout(60_000);

  forEachDatabase((context) => {
    const make = async (url: string): Promise<Database> => {
      const database = await openDatabase(url, { poolSize: 3 });
      const runner = database.dataSource.createQueryRunner();
      const steps = [
        ...createTable('lined', plain),
        ...createTable('pictured', withBytes),
        ...createTable('by_code', coded),
      ];
      for (const step of steps) await step.run(runner, database.dialect);
      await runner.release();
      return database;
    };
    // More than is made into values at a time.
    const long = Array.from({ length: 300 }, (_, at) => String(at).padEnd(390, 'x'));
    const rows = [...NASTY, null, ...long].map((text, at) => row(at + 1, text));
    const codes = ['B', 'a', 'É', 'Z', '中', '😀'].map((code, at) => ({ code, amountFen: at }));

    it('are those of JSON.stringify whoever writes them, and come back as they went', async () => {
      const [here, there] = [await context.freshUrl(), await context.freshUrl()];
      const from = await make(here);
      const to = await make(there);
      try {
        await from.transaction(async (tx) => {
          await tx.insert(lined, rows);
          await tx.insert(
            pictured,
            rows.map((one) => ({ ...one, picture: one.id % 2 ? Buffer.from([0, 255, one.id]) : null })),
          );
          await tx.insert(byCode, codes);
        });
        const tables = [lined, pictured, byCode];
        const before = await linesOf(from, tables);
        const wanted = rows.map((one) => [
          one.id,
          one.code,
          one.note,
          one.story,
          one.detail === null ? null : JSON.stringify(one.detail),
          Number(one.active),
          one.amountFen,
          one.quantity,
          one.soldAt,
          one.soldOn,
        ]);
        expect(before['lined']).to.deep.equal({
          text: writeRows(lined, wanted).text.toString(),
          sums: writeRows(lined, wanted).sums,
        });
        expect(before['pictured']?.text).to.contain('"AP8B"]');
        expect(before['by_code']?.text.split('\n').map((line) => line.slice(2, 3))).to.deep.equal(
          ['B', 'Z', 'a', 'É', '中', '\ud83d'].concat(['']),
        );
        const load = await openBulkLoad(there);
        const restorer = new RowRestorer(load, tables);
        await restorer.begin();
        for (const [name, { text }] of Object.entries(before)) await restorer.take(name, Buffer.from(text));
        await restorer.end();
        await load.finish();
        expect(await linesOf(to, tables)).to.deep.equal(before);
      } finally {
        await from.close();
        await to.close();
      }
    });

    it('come whole from a table of several pages, while rows are added', async () => {
      const database = await make(await context.freshUrl());
      try {
        const many = Array.from({ length: 2500 }, (_, at) => ({
          code: `C${String(at).padStart(5, '0')}`,
          amountFen: at,
        }));
        await database.transaction((tx) => tx.insert(byCode, many));
        const snapshot = await openSnapshot(database);
        let found = 0;
        let sum = 0n;
        for await (const page of snapshot.lines(byCode)) {
          if (found === 0) await database.transaction((tx) => tx.insert(byCode, [{ code: 'D', amountFen: 1 }]));
          found += page.rows;
          for (const one of page.sums) sum += BigInt(one);
        }
        await snapshot.close();
        expect(found).to.equal(2500);
        expect(sum).to.equal(BigInt((2499 * 2500) / 2));
      } finally {
        await database.close();
      }
    });
  });
});

async function linesOf(
  database: Database,
  tables: readonly AnyTable[],
): Promise<Record<string, { text: string; sums: string[] }>> {
  const snapshot = await openSnapshot(database);
  const found: Record<string, { text: string; sums: string[] }> = {};
  for (const table of tables) {
    let text = '';
    const sums: bigint[] = [];
    for await (const page of snapshot.lines(table)) {
      text += page.text.toString();
      for (const [at, sum] of page.sums.entries()) sums[at] = (sums[at] ?? 0n) + BigInt(sum);
    }
    found[table.name] = { text, sums: sums.map(String) };
  }
  await snapshot.close();
  return found;
}
