import { postSale } from '../src/modules/sales';
import { systemActor } from '../src/platform/permissions';
import type { Services } from '../src/platform/services';
import type { BareDriver, TableShape, Value } from './bare-driver';
import type { BenchContext } from './measurement';
import { type Shop, saleOf, sellableDevices } from './shop';
import { countOf, marksOf, rowsSince, writeAgain, type WrittenRows } from './written-rows';

/** What one sale writes, as the product wrote it. */
export interface SaleTemplate {
  rows: WrittenRows[];
  deviceId: number;
  balanceIds: number[];
}

/** Sells a few handsets at each till in this process and keeps what was written. */
export async function takeTemplates(
  services: Services,
  driver: BareDriver,
  shop: Shop,
  { hall, each }: { hall: boolean; each: number },
): Promise<SaleTemplate[][]> {
  const shapes = await driver.tables();
  const byTill: SaleTemplate[][] = [];
  for (const [n, seller] of shop.sellers.entries()) {
    const templates: SaleTemplate[] = [];
    const devices = await sellableDevices(services, hall ? shop.hall.id : seller.storeId);
    for (const deviceId of devices.slice(0, each)) {
      const marks = await marksOf(driver, shapes);
      const operationKey = crypto.randomUUID();
      const place = templates.length * 3 + n;
      const accessories: [number, number] = hall
        ? [0, 1]
        : [place % shop.accessorySkuIds.length, (place + 5) % shop.accessorySkuIds.length];
      const register = hall ? seller.hallRegisterId : seller.registerId;
      await postSale(services.uow, systemActor('bench'), saleOf(shop, register, deviceId, accessories), {
        operationKey,
      });
      const rows = await rowsSince(driver, shapes, marks, operationKey);
      const entries = rows.find(({ table }) => table === 'stock_entry');
      const at = entries?.columns.indexOf('balance_id') ?? 0;
      templates.push({
        rows,
        deviceId,
        balanceIds: (entries?.rows ?? []).map((row) => Number(row[at])).sort((a, b) => a - b),
      });
    }
    byTill.push(templates);
  }
  return byTill;
}

export const rowsOfSale = (templates: readonly SaleTemplate[][]): number => {
  const first = templates[0]?.[0];
  return first ? countOf(first.rows) + 1 + first.balanceIds.length : 0;
};

/** A database of the product's tables with what sales change in them; sales are written into it by the bare driver. */
export interface SaleCeiling {
  /** Sales a second; `perCommit` sales share each commit (SQLite), or each connection has its own (MariaDB). */
  perSecond: (connections: number, ms: number) => Promise<number>;
  close: () => Promise<void>;
}

export async function openSaleCeiling(
  { kind, freshUrl, bareDriver }: BenchContext,
  source: BareDriver,
  templates: readonly SaleTemplate[][],
): Promise<SaleCeiling> {
  const url = await freshUrl();
  const first = await bareDriver(url);
  const shapes = await source.tables();
  await first.begin();
  await copyTable(source, first, shapes, 'device');
  await copyTable(source, first, shapes, 'stock_balance');
  await copyTable(source, first, shapes, 'sku');
  await first.run('UPDATE stock_balance SET quantity = 1000000000, value_fen = 1000000000000');
  await first.commit();
  const drivers = [first];
  let pass = 0;

  async function onSqlite(perCommit: number, ms: number): Promise<number> {
    const startedAt = performance.now();
    let sales = 0;
    while (performance.now() - startedAt < ms) {
      first.begin();
      for (let n = 0; n < perCommit; n++) {
        const own = templates[sales % templates.length] ?? [];
        const template = own[Math.floor(sales / templates.length) % own.length];
        if (sales % (templates.length * own.length) === 0) pass += 1;
        if (template) await writeSale(first, template, pass);
        sales += 1;
      }
      first.commit();
    }
    return (sales / (performance.now() - startedAt)) * 1000;
  }

  async function onMariadb(connections: number, ms: number): Promise<number> {
    while (drivers.length < connections) drivers.push(await bareDriver(url));
    const startedAt = performance.now();
    let sales = 0;
    const base = (pass += 1000);
    await Promise.all(
      drivers.slice(0, connections).map(async (driver, n) => {
        const own = templates[n % templates.length] ?? [];
        for (let turn = 0; performance.now() - startedAt < ms; turn++) {
          const template = own[turn % own.length];
          if (!template) break;
          await driver.begin();
          await writeSale(driver, template, base + Math.floor(turn / own.length));
          await driver.commit();
          sales += 1;
        }
      }),
    );
    pass += 1000;
    return (sales / (performance.now() - startedAt)) * 1000;
  }

  return {
    perSecond: kind === 'sqlite' ? onSqlite : onMariadb,
    close: async () => {
      for (const driver of drivers) await driver.close();
    },
  };
}

/** Three reads, the handset, its balances in ascending order, then the new rows table by table. */
async function writeSale(
  driver: BareDriver,
  { rows, deviceId, balanceIds }: SaleTemplate,
  pass: number,
): Promise<void> {
  await driver.query('SELECT * FROM device WHERE id = ?', [deviceId]);
  await driver.query('SELECT * FROM sku WHERE id IN (?, ?, ?)', balanceIds);
  const marks = balanceIds.map(() => '?').join(', ');
  await driver.query(`SELECT * FROM stock_balance WHERE id IN (${marks})`, balanceIds);
  await driver.run(
    'UPDATE device SET state = ?, location_id = NULL, bucket = NULL, ownership = ?, last_seq = last_seq + 1, version = version + 1 WHERE id = ?',
    [pass % 2 === 0 ? 'in_stock' : 'sold', 'customer', deviceId],
  );
  const arms = balanceIds.map(() => 'WHEN ? THEN ?').join(' ');
  const changes: Value[] = balanceIds.flatMap((id) => [id, 1]);
  await driver.run(
    `UPDATE stock_balance SET quantity = quantity - CASE id ${arms} ELSE 0 END, value_fen = value_fen - CASE id ${arms} ELSE 0 END,
       updated_at = ? WHERE id IN (${marks})`,
    [...changes, ...changes, pass, ...balanceIds],
  );
  await writeAgain(driver, rows, pass);
}

/** Rows of one table as they are. */
async function copyTable(
  from: BareDriver,
  to: BareDriver,
  shapes: readonly TableShape[],
  table: string,
): Promise<void> {
  const columns = shapes.find(({ name }) => name === table)?.columns ?? [];
  const rows = await from.query(`SELECT * FROM ${table}`);
  await writeAgain(to, [{ table, columns, rows, unique: [] }], 0);
}
