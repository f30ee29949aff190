import { DomainError, type FieldProblem, invalid } from '../../../kernel';
import { type Actor, authorise } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { missingProducts } from '../domain/packing-check';
import { packingCode } from '../domain/packing-rows';
import { getPackingList } from '../queries/packing-facts';
import { packingList, type PackingListRow, supplierCode } from '../store/packing.table';
import { assertDraft, linesOf, lockReceipt } from '../store/receipt.store';
import type { ReceiptRow } from '../store/receipt.table';
import { insertLines } from './add-receipt-lines';
import { checkedAgainst, placedRows } from './check-packing-list';
import { logVerdicts, writeChecked } from './scan-into-receipt';
import { headsOf } from './start-packing-list';

const EDIT = 'purchasing.receipt.edit';

export interface PackingStep {
  receiptId: number;
  listId: number;
  version: number;
}

/** Which columns of the file are ours; remembered for the supplier. Throws 422 where one column stands for two of ours. */
export function mapPackingList(
  uow: UnitOfWork,
  actor: Actor,
  command: PackingStep & { mapping: Record<string, number>; names: readonly string[] },
  options?: RunOptions,
): Promise<void> {
  const { mapping, names } = command;
  return uow.run(
    actor,
    async (unit) => {
      const { list } = await lockOpen(unit, actor, command);
      const twice: FieldProblem[] = [];
      const used = new Set<number>();
      for (const [key, place] of Object.entries(mapping)) {
        if (used.has(place)) twice.push({ path: `column.${key}`, code: 'imports:error.column_twice' });
        used.add(place);
      }
      if (twice.length > 0) throw invalid('errors:form', {}, twice);
      if (!['imei1', 'imei2', 'meid', 'sn'].some((key) => mapping[key] !== undefined))
        throw invalid('purchasing:packing.error.no_numbers');
      await unit.update(packingList, list.id, { mapping, heads: headsOf(mapping, names) }, command.version);
    },
    options,
  );
}

/** What words of the file mean; remembered for the supplier. */
export function choosePackingCodes(
  uow: UnitOfWork,
  actor: Actor,
  command: PackingStep & { choices: readonly { text: string; skuId: number }[] },
  options?: RunOptions,
): Promise<void> {
  return uow.run(
    actor,
    async (unit) => {
      const { list } = await lockOpen(unit, actor, command);
      for (const { text, skuId } of command.choices) {
        const code = packingCode(text);
        const [known] = await unit.find(supplierCode, { supplierId: list.supplierId, code });
        if (known) await unit.update(supplierCode, known.id, { skuId });
        else
          await unit.insert(supplierCode, [
            {
              id: unit.takeIds(supplierCode),
              supplierId: list.supplierId,
              code,
              skuId,
              createdAt: unit.now,
              createdByName: actor.name,
            },
          ]);
      }
      await unit.update(packingList, list.id, {}, command.version);
    },
    options,
  );
}

/**
 * Takes the devices of the list into the receipt, everything checked again under lock. `all`: nothing is written while one row is
 * wrong (422); `right`: the wrong rows wait on the receipt for correction. Products without a line get one.
 */
export function takePackingList(
  uow: UnitOfWork,
  actor: Actor,
  command: PackingStep & { content: Buffer; keep: 'all' | 'right' },
  options?: RunOptions,
): Promise<{ taken: number; wrong: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const { row, list } = await lockOpen(unit, actor, command);
      const present = await linesOf(unit, row.id);
      const { placed, rows, lost } = await placedRows(unit, list, present, command.content);
      const missing = missingProducts(
        placed.placed,
        present.map(({ skuId }) => skuId),
      );
      const added = await insertLines(
        unit,
        row,
        present,
        missing.map(({ id }) => ({ skuId: id, quantity: null })),
      );
      const lines = [...present, ...added];
      const check = await checkedAgainst(unit, actor, row, { lines, placed, rows, lost });
      if (check.wrong.length > 0 && command.keep === 'all')
        throw new DomainError('purchasing:packing.error.wrong', { details: { count: check.wrong.length } });
      if (check.right === 0) throw new DomainError('purchasing:packing.error.nothing');
      const taken = await writeChecked(unit, row, lines, check.scans, added.length > 0);
      await logVerdicts(
        unit,
        row,
        check.wrong.map((verdict) => ({ ...verdict, key: `pack${list.id}:${verdict.key}` })),
      );
      const changes = { state: 'taken' as const, taken, wrong: check.wrong.length, takenAt: unit.now };
      await unit.update(packingList, list.id, changes, command.version);
      await unit.audit({
        action: 'purchasing.receipt.packing',
        subjectType: 'purchasing.receipt',
        subjectId: row.id,
        storeId: row.storeId,
        detail: { number: row.number, devices: taken, wrong: check.wrong.length },
      });
      return { taken, wrong: check.wrong.length };
    },
    options,
  );
}

async function lockOpen(
  unit: Unit,
  actor: Actor,
  { receiptId, listId }: PackingStep,
): Promise<{ row: ReceiptRow; list: PackingListRow }> {
  const row = await lockReceipt(unit, receiptId);
  authorise(actor, EDIT, row.storeId);
  assertDraft(row);
  const list = await getPackingList(unit, receiptId, listId);
  if (list.state !== 'open') throw new DomainError('purchasing:packing.error.taken', { status: 409 });
  return { row, list };
}
