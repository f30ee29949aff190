import { deviceEvent, devicesFor, post, reverse, stockEntry } from '../../../ledger';
import { type Actor, authorise } from '../../../platform/permissions';
import { chunked, sql } from '../../../platform/database';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import { buildPosting } from '../domain/build-posting';
import { auditBuild, buildAfter, buildDevices, buildLines, lockBuild } from '../store/build.store';
import { stockBuild, type StockBuildDeviceRow } from '../store/build.table';
import { comingLines, leavingLines, type PostedBuild } from './build-goods';
import { buildNumbers, EDIT_BUILDS } from './create-build';
import { devicesOfBuild } from './build-devices';

export const REVERSE_BUILDS = 'inventory.build.reverse';

export interface BuildStep {
  id: number;
  /** As the page showed it: what is posted is what was seen. */
  version: number;
}

/**
 * Puts the document into the books, all of it or nothing. What is short, not where it should be or not said yet is
 * named, each at its line.
 */
export function postBuild(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: BuildStep,
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockBuild(unit, id, version);
      authorise(actor, EDIT_BUILDS, row.storeId);
      const state = buildAfter(row, 'post');
      const lines = await buildLines(unit, id);
      const rows = await buildDevices(unit, id);
      const cards = await skusByIds(
        unit,
        lines.map(({ skuId }) => skuId),
      );
      const build: PostedBuild = { row, lines, cards };
      unit.needIds(deviceEvent, rows.length);
      unit.needIds(stockEntry, lines.length * 2);
      const devices = await devicesOfBuild(unit, build, rows);
      const into = await comingLines(unit, build, devices);
      const out = await leavingLines(unit, build, devices, into);
      const { totalFen, lineFen, ...posting } = buildPosting(
        { type: 'inventory.build', id, number: row.number, businessDate: unit.today, storeId: row.storeId },
        {
          kind: row.kind,
          locationId: row.locationId,
          bucket: row.intoBucket,
          productName: cards.get(row.skuId)?.name ?? '',
          out,
          into,
        },
      );
      const { deviceIds } = await post(unit, posting);
      await writeValues(unit, [...lineFen]);
      await writeDevices(unit, rows, (one) => devices.idOf(one.id) ?? deviceIds.get(`b${one.id}`) ?? null);
      await unit.update(
        stockBuild,
        id,
        { state, businessDate: unit.today, postedAt: unit.now, valueFen: totalFen },
        version,
      );
      await auditBuild(unit, row, 'post', { pieces: row.pieces });
      return { number: row.number };
    },
    options,
  );
}

/** Red-letters it, dated today, while nothing builds on it and what came in is still there. */
export function reverseBuild(
  uow: UnitOfWork,
  actor: Actor,
  { id, version }: BuildStep,
  options?: RunOptions,
): Promise<{ number: string }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockBuild(unit, id, version);
      authorise(actor, REVERSE_BUILDS, row.storeId);
      const state = buildAfter(row, 'reverse');
      const store = await getStore(unit, row.storeId);
      const number = unit.documentNumber(buildNumbers(row.kind), store.code, unit.today);
      const document = { type: 'inventory.build', id, storeId: row.storeId };
      await devicesFor(
        unit,
        (await buildDevices(unit, id)).flatMap(({ deviceId }) => deviceId ?? []),
      );
      await reverse(unit, document, { ...document, number, businessDate: unit.today });
      await unit.update(stockBuild, id, { state, reversalNumber: number }, version);
      await auditBuild(unit, row, 'reverse', { reversalNumber: number });
      return { number };
    },
    options,
  );
}

async function writeValues(unit: Unit, values: readonly (readonly [lineId: number, fen: number])[]): Promise<void> {
  await unit.execute(
    sql`UPDATE stock_build_line SET value_fen = CASE id ${sql.join(
      values.map(([id, fen]) => sql`WHEN ${id} THEN ${fen}`),
      ' ',
    )} ELSE value_fen END WHERE id IN (${sql.list(values.map(([id]) => id))})`,
  );
}

async function writeDevices(
  unit: Unit,
  rows: readonly StockBuildDeviceRow[],
  idOf: (row: StockBuildDeviceRow) => number | null,
): Promise<void> {
  const known = rows.flatMap((row) => {
    const deviceId = idOf(row);
    return deviceId === null ? [] : [{ id: row.id, deviceId }];
  });
  for (const chunk of chunked(known, 200))
    await unit.execute(
      sql`UPDATE stock_build_device SET device_id = CASE id ${sql.join(
        chunk.map(({ id, deviceId }) => sql`WHEN ${id} THEN ${deviceId}`),
        ' ',
      )} ELSE device_id END WHERE id IN (${sql.list(chunk.map(({ id }) => id))})`,
    );
}
