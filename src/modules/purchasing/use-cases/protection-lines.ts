import { type FieldProblem, invalid, notFound, stale } from '../../../kernel';
import { sql } from '../../../platform/database';
import { type Actor, authorise, COST_PERMISSION } from '../../../platform/permissions';
import type { RunOptions, Unit, UnitOfWork } from '../../../platform/unit-of-work';
import { skusByIds } from '../../catalog';
import { priceProblem } from '../domain/receipt-lines';
import { skusOfModel } from '../queries/skus-of-model';
import { protectionDevicesOf, protectionLinesOf, replaceDevices, writeProtection } from '../store/protection.store';
import { protectionLine, type ProtectionLineRow, type ProtectionRow } from '../store/protection.table';
import { judgedRows } from './judged-rows';
import { auditProtection, lockProtectionDraft } from './save-protection';

const MAX_LINES = 200;

export interface ProtectionPrices {
  oldPriceFen: number | null;
  newPriceFen: number | null;
  /** A piece; null: the old price less the new one. */
  unitFen: number | null;
}

export interface NewProtectionLine extends ProtectionPrices {
  skuId: number;
  /** Every variant of the model that is kept by serial number, at the same prices. */
  wholeModel: boolean;
}

/** Adds a product, or all variants of its model that are not in the claim yet, and judges the listed devices anew. */
export function addProtectionLine(
  uow: UnitOfWork,
  actor: Actor,
  { claimId, ...wanted }: NewProtectionLine & { claimId: number },
  options?: RunOptions,
): Promise<{ lines: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      authorise(actor, COST_PERMISSION, row.storeId);
      const before = await protectionLinesOf(unit, row.id);
      const fields: FieldProblem[] = [];
      const card = (await skusByIds(unit, [wanted.skuId])).get(wanted.skuId);
      if (!card) fields.push({ path: 'sku', code: 'purchasing:error.sku_unknown' });
      else if (card.tracking !== 'serial')
        fields.push({ path: 'sku', code: 'purchasing:error.protection_serial', details: { name: card.name } });
      const skus = card ? (wanted.wholeModel ? await skusOfModel(unit, card.productId) : [card]) : [];
      const fresh = skus.filter(({ id }) => !before.some(({ skuId }) => skuId === id));
      if (card && fields.length === 0 && fresh.length === 0)
        fields.push({ path: 'sku', code: 'purchasing:error.protection_twice', details: { name: card.name } });
      const unitFen = checkedAmount(wanted, '', fields);
      if (before.length + fresh.length > MAX_LINES)
        fields.push({ path: 'sku', code: 'purchasing:error.too_many_lines', details: { max: MAX_LINES } });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      const firstId = unit.takeIds(protectionLine, fresh.length);
      const lastNo = Math.max(0, ...before.map(({ lineNo }) => lineNo));
      await unit.insert(
        protectionLine,
        fresh.map(({ id: skuId, taxRateBp }, index): ProtectionLineRow => ({
          id: firstId + index,
          claimId: row.id,
          lineNo: lastNo + index + 1,
          skuId,
          oldPriceFen: wanted.oldPriceFen,
          newPriceFen: wanted.newPriceFen,
          unitFen,
          agreedUnitFen: null,
          taxRateBp,
          version: 1,
        })),
      );
      await rejudge(unit, row);
      await auditProtection(unit, row, 'add_line', { name: card?.name, lines: fresh.length });
      return { lines: fresh.length };
    },
    options,
  );
}

export interface ChangedProtectionLine extends ProtectionPrices {
  id: number;
  version: number;
}

/** Changes prices and amounts: all of them, or none with every problem at `lines.<index>.<field>`. */
export function changeProtectionLines(
  uow: UnitOfWork,
  actor: Actor,
  { claimId, lines: changes }: { claimId: number; lines: readonly ChangedProtectionLine[] },
  options?: RunOptions,
): Promise<{ changed: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      authorise(actor, COST_PERMISSION, row.storeId);
      const before = await protectionLinesOf(unit, row.id);
      const fields: FieldProblem[] = [];
      const after = changes.map(({ id, version, oldPriceFen, newPriceFen, unitFen }, index) => {
        const line = before.find((one) => one.id === id);
        if (!line) throw notFound('purchasing.protection_line', id);
        if (line.version !== version) throw stale();
        const amount = checkedAmount({ oldPriceFen, newPriceFen, unitFen }, `lines.${index}.`, fields);
        return { id, version, changes: { oldPriceFen, newPriceFen, unitFen: amount } };
      });
      if (fields.length > 0) throw invalid('errors:form', {}, fields);
      for (const { id, version, changes: values } of after) await unit.update(protectionLine, id, values, version);
      await rejudge(unit, row);
      await auditProtection(unit, row, 'edit_lines', { lines: after.length });
      return { changed: after.length };
    },
    options,
  );
}

/** Takes a product off a draft; its devices stay listed as of another model. */
export function removeProtectionLine(
  uow: UnitOfWork,
  actor: Actor,
  { claimId, lineId }: { claimId: number; lineId: number },
  options?: RunOptions,
): Promise<{ claimId: number }> {
  return uow.run(
    actor,
    async (unit) => {
      const row = await lockProtectionDraft(unit, actor, { claimId });
      const line = (await protectionLinesOf(unit, row.id)).find(({ id }) => id === lineId);
      if (!line) throw notFound('purchasing.protection_line', lineId);
      await unit.execute(sql`UPDATE price_protection_device SET line_id = NULL WHERE line_id = ${line.id}`);
      await unit.execute(sql`DELETE FROM price_protection_line WHERE id = ${line.id}`);
      await rejudge(unit, row);
      await auditProtection(unit, row, 'remove_line', { skuId: line.skuId });
      return { claimId: row.id };
    },
    options,
  );
}

async function rejudge(unit: Unit, row: ProtectionRow): Promise<void> {
  const devices = await judgedRows(unit, row, await protectionDevicesOf(unit, row.id));
  await replaceDevices(unit, row.id, devices);
  await writeProtection(unit, row, devices);
}

/** What is claimed for a piece: as given, or the difference of the prices. Problems stand at the fields. */
function checkedAmount(
  { oldPriceFen, newPriceFen, unitFen }: ProtectionPrices,
  path: string,
  fields: FieldProblem[],
): number {
  const wrong = (name: string, price: number | null): void => {
    if (price !== null && priceProblem(price)) fields.push({ path: `${path}${name}`, code: 'purchasing:error.price' });
  };
  wrong('oldPrice', oldPriceFen);
  wrong('newPrice', newPriceFen);
  const amount = unitFen ?? (oldPriceFen === null || newPriceFen === null ? null : oldPriceFen - newPriceFen);
  if (amount === null || amount <= 0 || priceProblem(amount)) {
    fields.push({ path: `${path}unit`, code: 'purchasing:error.protection_amount' });
    return 0;
  }
  return amount;
}
