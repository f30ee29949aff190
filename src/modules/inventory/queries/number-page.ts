import { notFound } from '../../../kernel';
import { type Reader, sql } from '../../../platform/database';
import { type Actor, can } from '../../../platform/permissions';
import { skusByIds } from '../../catalog';
import { getStore } from '../../organization';
import { deviceStatus, type DeviceStatus } from '../domain/device-status';
import { type NumberProblem, numberProblems } from '../domain/number-check';
import { asNumberLine, numberLines } from '../store/number-change.store';
import { numberChange, type NumberChangeLineRow, type NumberChangeRow } from '../store/number-change.table';
import { type ChangeEventView } from './change-page';
import { knownForNumbers } from './known-for-numbers';

export interface NumberView extends NumberChangeRow {
  storeName: string;
  /** The reader may fill and post it. */
  works: boolean;
  /** The reader may take a number whose check digit is wrong. */
  overrides: boolean;
}

/** Throws 404 when there is none in the actor's stores. */
export async function numberView(read: Reader, actor: Actor, id: number): Promise<NumberView> {
  const row = await read.get(numberChange, id);
  if (!row || !can(actor, 'inventory.number.view', row.storeId)) throw notFound('inventory.number', id);
  return {
    ...row,
    storeName: (await getStore(read, row.storeId)).name,
    works: can(actor, 'inventory.number.change', row.storeId),
    overrides: can(actor, 'inventory.number.override', row.storeId),
  };
}

export interface NumberLineView extends NumberChangeLineRow {
  skuName: string;
  skuCode: string;
  deviceStatus: DeviceStatus | null;
  /** What stands against it as the books are now; of a draft only. */
  problem: NumberProblem | null;
}

export async function numberLineViews(read: Reader, change: NumberView): Promise<NumberLineView[]> {
  const rows = await numberLines(read, change.id);
  const lines = rows.map(asNumberLine);
  const known = await knownForNumbers(read, change.storeId, lines);
  const problems = change.state === 'draft' ? numberProblems(lines, known) : new Map<number, NumberProblem>();
  const skuOf = await deviceSkus(read, change.id);
  const cards = await skusByIds(read, [...new Set(skuOf.values())]);
  return rows.map((row, index) => {
    const device = known.devices.get(row.deviceId);
    const card = cards.get(skuOf.get(row.deviceId) ?? 0);
    return {
      ...row,
      skuName: card?.name ?? '',
      skuCode: card?.code ?? '',
      deviceStatus: device ? deviceStatus(device.state, device.bucket) : null,
      problem: problems.get(index) ?? null,
    };
  });
}

async function deviceSkus(read: Reader, changeId: number): Promise<Map<number, number>> {
  const rows = await read.all<{ id: number; skuId: number }>(
    sql`SELECT DISTINCT d.id, d.sku_id FROM number_change_line n JOIN device d ON d.id = n.device_id
      WHERE n.change_id = ${changeId}`,
  );
  return new Map(rows.map(({ id, skuId }) => [id, skuId]));
}

/** Who did what, newest first. */
export async function numberTimeline(read: Reader, changeId: number): Promise<Omit<ChangeEventView, 'detail'>[]> {
  const audit = await read.all<{ at: number; actorName: string; action: string }>(
    sql`SELECT at, actor_name, action FROM audit_log
      WHERE subject_type = 'inventory.number' AND subject_id = ${changeId} AND action <> 'attachments.file.add'
        AND action <> 'attachments.file.remove' ORDER BY id DESC ${sql.limit(50)}`,
  );
  return audit.map(({ at, actorName, action }) => ({ who: actorName, what: action.split('.').at(-1) ?? action, at }));
}
