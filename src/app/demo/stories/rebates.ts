import { addDays, type BusinessDate, DomainError } from '../../../kernel';
import { accrueRebate, createRebate, type CreateRebate, rebate, settleRebate } from '../../../modules/purchasing';
import type { UnitOfWork } from '../../../platform/unit-of-work';
import type { DemoCompany } from '../company';
import type { Story } from '../shelf';

const TAX_BP = 1300;

interface Agreed extends Pick<CreateRebate, 'name' | 'kind' | 'tiers'> {
  brand: string;
  /** Days left at the beginning and the end; below 0: after the last day. */
  from: number;
  to: number;
  /** Days left when it is calculated, and when it is paid. */
  accrued: readonly number[];
  settled: number | null;
}

const AGREEMENTS: readonly Agreed[] = [
  {
    name: '上期进货返利',
    kind: 'amount',
    brand: '小米',
    tiers: [
      { from: 10_000_000, award: 50 },
      { from: 50_000_000, award: 100 },
      { from: 200_000_000, award: 150 },
    ],
    from: 90,
    to: 46,
    accrued: [60, 45],
    settled: 44,
  },
  {
    name: '本期进货返利',
    kind: 'amount',
    brand: '小米',
    tiers: [
      { from: 10_000_000, award: 50 },
      { from: 50_000_000, award: 100 },
      { from: 200_000_000, award: 150 },
    ],
    from: 45,
    to: -15,
    accrued: [15, 1],
    settled: null,
  },
  {
    name: 'Apple 季度提货任务',
    kind: 'target',
    brand: 'Apple',
    tiers: [
      { from: 150, award: 1_500_000 },
      { from: 1500, award: 4_000_000 },
    ],
    from: 90,
    to: -30,
    accrued: [37],
    settled: null,
  },
  {
    name: '华为 零售激励',
    kind: 'sold',
    brand: '华为',
    tiers: [{ from: 1, award: 3000 }],
    from: 60,
    to: -30,
    accrued: [8],
    settled: null,
  },
  {
    name: '配件陈列费',
    kind: 'fixed',
    brand: '通用',
    tiers: [{ from: 0, award: 200_000 }],
    from: 60,
    to: 0,
    accrued: [30],
    settled: 29,
  },
];

/** Agreements with the suppliers: calculated now and then, one paid, one that the supplier leaves open for long. */
export function rebates(): Story {
  const made: { rebateId: number; agreed: Agreed }[] = [];
  return async ({ market: { company }, uow, date, day, daysLeft }) => {
    // Of a short history all begin on its second day.
    for (const agreed of AGREEMENTS)
      if (day > 0 && daysLeft <= agreed.from && !made.some((one) => one.agreed === agreed))
        made.push({ rebateId: await agree(uow, company, agreed, { date, daysLeft }), agreed });
    for (const { rebateId, agreed } of made) {
      if (agreed.accrued.includes(daysLeft)) await accrue(uow, company, rebateId, date);
      if (agreed.settled === daysLeft) await settle(uow, company, rebateId);
    }
  };
}

async function agree(
  uow: UnitOfWork,
  { stores, suppliers, accountant }: DemoCompany,
  { name, kind, tiers, brand, from, to }: Agreed,
  { date, daysLeft }: { date: BusinessDate; daysLeft: number },
): Promise<number> {
  const { id } = await createRebate(uow, accountant, {
    supplierId: suppliers.find(({ brands }) => brands.includes(brand))?.id ?? 0,
    storeId: stores[0]?.id ?? 0,
    name,
    kind,
    fromOn: addDays(date, daysLeft - from),
    toOn: addDays(date, daysLeft - to),
    brandId: null,
    categoryId: null,
    skuId: null,
    taxRateBp: TAX_BP,
    tiers,
    note: null,
  });
  return id;
}

async function accrue(
  uow: UnitOfWork,
  { accountant }: DemoCompany,
  rebateId: number,
  untilOn: BusinessDate,
): Promise<void> {
  const version = (await uow.database.read.get(rebate, rebateId))?.version ?? 0;
  try {
    await accrueRebate(uow, accountant, { rebateId, version, untilOn });
  } catch (error) {
    // Nothing is earned before a tier is reached.
    if (!(error instanceof DomainError && JSON.stringify(error.fields).includes('rebate_same'))) throw error;
  }
}

async function settle(uow: UnitOfWork, { accountant }: DemoCompany, rebateId: number): Promise<void> {
  const row = await uow.database.read.get(rebate, rebateId);
  if (!row || row.earnedFen <= row.settledFen) return;
  await settleRebate(uow, accountant, {
    rebateId,
    version: row.version,
    method: 'bank',
    amountFen: row.earnedFen - row.settledFen,
    reference: '返利到账',
  });
}
