import { addDays } from '../../../kernel';
import {
  addProtectionLine,
  agreeProtection,
  createProtection,
  listAllProtected,
  protection,
  protectionLine,
  settleProtection,
  submitProtection,
} from '../../../modules/purchasing';
import { setPrices } from '../../../modules/pricing';
import { systemActor } from '../../../platform/permissions';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoCompany, DemoPhone } from '../company';
import type { Story } from '../shelf';

const WINDOW_DAYS = 30;
const FLOOR_PERCENT = 96;

/** With so many days left a maker cuts the price of a model; null: that step has not been taken yet. */
const CUTS = [
  { at: 70, model: 'iPhone 16', cutYuan: 300, agreed: 64, settled: 63 },
  { at: 44, model: '华为 nova 14', cutYuan: 200, agreed: null, settled: null },
  { at: 24, model: '小米 15', cutYuan: 200, agreed: 17, settled: null },
  { at: 7, model: 'iPhone 17 Pro', cutYuan: 200, agreed: 4, settled: null },
  { at: 3, model: 'OPPO Find X8', cutYuan: 150, agreed: null, settled: null },
] as const;
/** What the supplier agreed to of what was claimed, in percent, where it did not agree to all. */
const AGREED_PERCENT = 80;

/** Makers cut prices: the stores follow, and the suppliers make good what lies there and what was just sold. */
export function priceCuts(): Story {
  const claims: { claimId: number; cut: (typeof CUTS)[number]; cutFen: number }[] = [];
  return async ({ market: { company, timeZone }, uow, date, day, daysLeft, midnight }) => {
    const cut = CUTS.find(({ at }) => at === daysLeft);
    const model = cut && company.phones.find(({ model: { name } }) => name === cut.model)?.model;
    if (cut && model && day > 1) {
      const phones = company.phones.filter((phone) => phone.model === model);
      const cutFen = cut.cutYuan * 100;
      await lowerPrices(uow, phones, cutFen);
      const claimId = await claim(uow, company, phones, { midnight, timeZone, cutFen });
      if (claimId !== null) claims.push({ claimId, cut, cutFen });
    }
    for (const one of claims) {
      const version = async (): Promise<number> => (await uow.database.read.get(protection, one.claimId))?.version ?? 0;
      const { claimId } = one;
      if (one.cut.agreed === daysLeft) {
        const lines = await uow.database.read.find(protectionLine, { claimId });
        const part = one.cut.settled === null ? AGREED_PERCENT : 100;
        await agreeProtection(uow, company.accountant, {
          claimId,
          version: await version(),
          dueOn: addDays(date, 15),
          lines: lines.map(({ id, unitFen }) => ({ id, agreedUnitFen: Math.round((unitFen * part) / 100) })),
          exceptions: '',
        });
      }
      if (one.cut.settled === daysLeft) {
        const amountFen = (await uow.database.read.get(protection, claimId))?.agreedFen ?? 0;
        await settleProtection(uow, company.accountant, {
          claimId,
          version: await version(),
          method: 'bank',
          amountFen,
          reference: '价保款到账',
        });
      }
    }
  };
}

async function lowerPrices(uow: UnitOfWork, phones: readonly DemoPhone[], cutFen: number): Promise<void> {
  for (const phone of phones) {
    phone.priceFen -= cutFen;
    phone.costFen -= cutFen;
  }
  await uow.run(systemActor('demo'), (unit) =>
    setPrices(unit, {
      items: phones.map(({ skuId, priceFen }) => ({
        skuId,
        priceFen,
        floorFen: Math.round((priceFen * FLOOR_PERCENT) / 10_000) * 100,
      })),
    }),
  );
}

/** All devices of the model that the supplier must make good. Null: there is none. */
async function claim(
  uow: UnitOfWork,
  { buyer, stores, suppliers }: DemoCompany,
  phones: readonly DemoPhone[],
  { midnight, timeZone, cutFen }: { midnight: number; timeZone: string; cutFen: number },
): Promise<number | null> {
  const [first] = phones;
  const supplierId = suppliers.find(({ brands }) => brands.includes(first?.model.brand ?? ''))?.id;
  const [head] = stores;
  if (!first || supplierId === undefined || !head) return null;
  const { id: claimId } = await createProtection(uow, buyer, {
    supplierId,
    storeId: head.id,
    effectiveAt: midnight,
    timeZone,
    windowDays: WINDOW_DAYS,
    withTax: true,
    reference: `${first.model.name} 调价通知`,
    note: null,
  });
  const oldPriceFen = first.costFen + cutFen;
  await addProtectionLine(uow, buyer, {
    claimId,
    skuId: first.skuId,
    wholeModel: true,
    oldPriceFen,
    newPriceFen: oldPriceFen - cutFen,
    unitFen: null,
  });
  const { added } = await listAllProtected(uow, buyer, { claimId });
  const version = (await uow.database.read.get(protection, claimId))?.version ?? 0;
  if (added > 0) await submitProtection(uow, buyer, { claimId, version });
  return added > 0 ? claimId : null;
}
