import { parseScanLine } from '../../../kernel';
import {
  addGoodsToChange,
  createChange,
  postChange,
  scanIntoChange,
  stockChange,
  submitChange,
} from '../../../modules/inventory';
import { sql } from '../../../platform/database';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoGoods, DemoStore } from '../company';
import { numbersOf } from './devices';

export interface Change {
  store: DemoStore;
  /** As the configuration that comes with the product names it. */
  reason: string;
  note?: string;
  devices?: readonly { id: number }[];
  goods?: { item: DemoGoods; pieces: number; batch?: string };
  /** How far it gets; one that needs approval is left where it waits. */
  upTo?: 'draft' | 'posted';
}

/** A change of stock by the store's manager. */
export async function changeStock(
  uow: UnitOfWork,
  { store, reason, note, devices = [], goods, upTo = 'posted' }: Change,
): Promise<void> {
  const { read } = uow.database;
  const actor = store.manager;
  const found = await read.one<{ id: number }>(
    sql`SELECT id FROM config_record WHERE set_name = 'inventory.changeReasons' AND name = ${reason}`,
  );
  if (!found) throw new Error(`no reason ${reason}`);
  const { id } = await createChange(uow, actor, {
    locationId: store.locationId,
    reasonId: found.id,
    note: note ?? null,
  });
  const scans = (await numbersOf(read, devices)).map((text, n) => ({
    key: `${id}-${n}`,
    text,
    ...parseScanLine(text),
  }));
  if (scans.length > 0) await scanIntoChange(uow, actor, { id, scans });
  if (goods)
    await addGoodsToChange(uow, actor, {
      id,
      code: goods.item.barcode,
      bucket: 'sellable',
      batch: goods.batch ?? '',
      pieces: goods.pieces,
    });
  if (upTo === 'draft') return;
  const version = async (): Promise<number> => (await read.get(stockChange, id))?.version ?? 0;
  const { approval } = (await read.get(stockChange, id)) ?? {};
  if (approval) {
    const { state } = await submitChange(uow, actor, { id, version: await version() });
    if (state === 'submitted') return;
  }
  await postChange(uow, actor, { id, version: await version() });
}
