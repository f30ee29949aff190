import { addDays, emptyToNull, type FieldProblem, invalid, isBusinessDate } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { locationsByIds, type LocationRow, storesByIds } from '../../organization';
import { transfer, type TransferRow } from '../store/transfer.table';
import { lockTransfer, transferLines, wrongState, writeTransfer } from '../store/transfer.store';
import { insertTransferLines, type NewTransferLine } from './transfer-lines';
import { authoriseEither } from '../queries/transfer-rights';

export interface TransferHeader {
  fromLocationId: number;
  toLocationId: number;
  /** YYYY-MM-DD; left out: in three days. */
  expectedOn?: string | null | undefined;
  note?: string | null | undefined;
  /** Basis points charged to the receiving store on top of cost, up to MOST_MARKUP_BP; left out: as it is, at first at cost. */
  markupBp?: number | null | undefined;
}

export interface CreateTransfer extends TransferHeader {
  lines?: readonly NewTransferLine[] | undefined;
}

const USUAL_DAYS = 3;
const MOST_MARKUP_BP = 10_000;
/** What a store is charged goes to the results of both. */
export const PRICE_TRANSFERS = 'inventory.transfer.price';

/** A new transfer, made by the store that wants goods or by the one that gives them. */
export function createTransfer(
  uow: UnitOfWork,
  actor: Actor,
  command: CreateTransfer,
  options?: RunOptions,
): Promise<{ id: number; number: string; version: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const { id, number, version } = await addTransfer(unit, command);
      return { id, number, version };
    },
    options,
  );
}

export async function addTransfer(unit: Unit, { lines = [], ...header }: CreateTransfer): Promise<TransferRow> {
  const checked = await checkHeader(unit, header);
  authoriseEither(unit.actor, 'inventory.transfer.create', checked);
  const stores = await storesByIds(unit, [checked.fromStoreId]);
  const row: TransferRow = {
    ...checked,
    id: unit.takeIds(transfer),
    number: unit.documentNumber('DB', stores.get(checked.fromStoreId)?.code ?? '', unit.today),
    businessDate: unit.today,
    state: 'draft',
    reason: null,
    quantity: 0,
    sent: 0,
    received: 0,
    returned: 0,
    lost: 0,
    sentFen: 0,
    stepCount: 0,
    createdAt: unit.now,
    createdBy: unit.actor.userId,
    sentAt: null,
    doneAt: null,
    version: 1,
  };
  await unit.insert(transfer, [row]);
  await unit.audit({
    action: 'inventory.transfer.create',
    subjectType: 'inventory.transfer',
    subjectId: row.id,
    storeId: row.fromStoreId,
    detail: { number: row.number, fromStoreId: row.fromStoreId, toStoreId: row.toStoreId },
  });
  if (lines.length === 0) return row;
  const added = await insertTransferLines(unit, row, [], lines);
  return writeTransfer(unit, row, added, added);
}

/** Changes what stands above the lines. The places are fixed once something was scanned, all of it once it was decided. */
export function changeTransfer(
  uow: UnitOfWork,
  actor: Actor,
  { transferId, version, ...header }: TransferHeader & { transferId: number; version: number },
  options?: RunOptions,
): Promise<{ id: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockTransfer(unit, transferId, version);
      authoriseEither(actor, 'inventory.transfer.create', row);
      if (row.state !== 'draft') throw wrongState(row);
      const checked = await checkHeader(unit, header, row);
      authoriseEither(actor, 'inventory.transfer.create', checked);
      const lines = await transferLines(unit, row.id);
      const moved = checked.fromLocationId !== row.fromLocationId;
      if (moved && lines.some(({ picked }) => picked > 0)) throw invalid('inventory:error.transfer_scanned');
      await writeTransfer(unit, row, lines, lines, checked);
      await unit.audit({
        action: 'inventory.transfer.edit',
        subjectType: 'inventory.transfer',
        subjectId: row.id,
        storeId: row.fromStoreId,
        detail: {
          fromLocationId: checked.fromLocationId,
          toLocationId: checked.toLocationId,
          expectedOn: checked.expectedOn,
          ...(checked.markupBp === row.markupBp ? {} : { markupBp: checked.markupBp }),
        },
      });
      return { id: row.id };
    },
    options,
  );
}

type CheckedHeader = Pick<
  TransferRow,
  'fromStoreId' | 'fromLocationId' | 'toStoreId' | 'toLocationId' | 'expectedOn' | 'note' | 'markupBp'
>;

async function checkHeader(unit: Unit, header: TransferHeader, present?: TransferRow): Promise<CheckedHeader> {
  const fields: FieldProblem[] = [];
  const found = await locationsByIds(unit, [header.fromLocationId, header.toLocationId]);
  const place = (path: 'fromLocationId' | 'toLocationId'): LocationRow | undefined => {
    const row = found.get(header[path]);
    if (!row?.active && row?.id !== present?.[path]) fields.push({ path, code: 'inventory:error.transfer_place' });
    else if (!row) fields.push({ path, code: 'inventory:error.transfer_place' });
    return row;
  };
  const from = place('fromLocationId');
  const to = place('toLocationId');
  if (from && from.id === to?.id) fields.push({ path: 'toLocationId', code: 'inventory:error.transfer_same_place' });
  const expectedOn = emptyToNull(header.expectedOn ?? '') ?? addDays(unit.today, USUAL_DAYS);
  if (!isBusinessDate(expectedOn) || (expectedOn < unit.today && expectedOn !== present?.expectedOn))
    fields.push({ path: 'expectedOn', code: 'inventory:error.transfer_expected' });
  const note = emptyToNull((header.note ?? '').replace(/\r\n?/g, '\n').trim());
  if ([...(note ?? '')].length > 400)
    fields.push({ path: 'note', code: 'errors:field.too_long', details: { max: 400 } });
  const before = present?.markupBp ?? null;
  const markupBp = (header.markupBp === undefined ? before : header.markupBp) || null;
  if (markupBp !== null && (!Number.isSafeInteger(markupBp) || markupBp < 0 || markupBp > MOST_MARKUP_BP))
    fields.push({ path: 'markup', code: 'inventory:error.transfer_markup' });
  if (fields.length > 0 || !from || !to) throw invalid('errors:form', {}, fields);
  if (markupBp !== before)
    for (const storeId of [from.storeId, to.storeId]) authorise(unit.actor, PRICE_TRANSFERS, storeId);
  return {
    fromStoreId: from.storeId,
    fromLocationId: from.id,
    toStoreId: to.storeId,
    toLocationId: to.id,
    expectedOn,
    note,
    markupBp,
  };
}
