import { type Ctx, documentHref } from '../../../platform/http';
import type { Cell, Field, Table } from '../../../platform/views';
import type { ProtectedDeviceView, ProtectionView } from '../queries/protection-page';
import { coverageLabel, protectionHref } from './protection-words';

export type ProtectionCtx = Pick<Ctx, 't' | 'f' | 'can'>;

const num = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });

const removal = ({ t }: ProtectionCtx, href: string): Cell => ({
  actions: [{ label: t('common:action.remove'), href, icon: 'trash', confirm: true }],
});

export function protectionLines(ctx: ProtectionCtx, claim: ProtectionView, edits: boolean): Table {
  const { t, f } = ctx;
  const agreed = claim.agreedAt !== null;
  return {
    id: 'protection-lines',
    caption: t('purchasing:protection.models'),
    columns: [
      { key: 'line', label: '#', card: 'hide' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      num('covered', t('purchasing:protection.covered')),
      ...(claim.money
        ? [
            num('old', t('purchasing:protection.oldPrice')),
            num('new', t('purchasing:protection.newPrice')),
            num('unit', t('purchasing:protection.unit')),
            num('claimed', t('purchasing:protection.claimed')),
            ...(agreed ? [num('agreed', t('purchasing:protection.agreed'))] : []),
          ]
        : []),
      ...(edits
        ? [{ key: 'actions', label: t('purchasing:receipt.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: claim.lines.map((line) => ({
      id: line.id,
      cells: [
        { text: String(line.lineNo), muted: true },
        { text: line.skuName, sub: line.skuCode, strong: true },
        f.number(line.covered),
        ...(line.money
          ? [
              line.money.oldPriceFen === null ? null : f.money(line.money.oldPriceFen),
              line.money.newPriceFen === null ? null : f.money(line.money.newPriceFen),
              f.money(line.money.unitFen),
              f.money(line.money.claimedFen),
              ...(agreed ? [f.money(line.money.agreedFen)] : []),
            ]
          : []),
        ...(edits ? [removal(ctx, `${protectionHref(claim.id)}/lines/${line.id}/removal`)] : []),
      ],
    })),
  };
}

export function coveredTable(
  ctx: ProtectionCtx,
  claim: ProtectionView,
  devices: readonly ProtectedDeviceView[],
  edits: boolean,
): Table {
  const { t, f } = ctx;
  const agreed = claim.agreedAt !== null;
  const seesDevices = ctx.can('inventory.device.view');
  return {
    id: 'protected-devices',
    caption: t('purchasing:protection.devices'),
    columns: [
      { key: 'seq', label: '#', card: 'hide' },
      { key: 'number', label: t('purchasing:return.device'), keep: true, card: 'title' },
      { key: 'coverage', label: t('purchasing:protection.atHour'), card: 'state' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      { key: 'now', label: t('purchasing:protection.now'), card: 'full' },
      ...(claim.money
        ? [
            num('claimed', t('purchasing:protection.claimed')),
            ...(agreed ? [num('agreed', t('purchasing:protection.agreed'))] : []),
          ]
        : []),
      ...(edits
        ? [{ key: 'actions', label: t('purchasing:receipt.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: devices.map((row) => ({
      id: row.id,
      cells: [
        { text: String(row.seq), muted: true },
        {
          text: f.imei(row.mainNumber),
          strong: true,
          ...(seesDevices && row.deviceId !== null ? { href: documentHref('inventory.device', row.deviceId) } : {}),
        },
        coverageCell(ctx, row),
        row.skuName === null ? null : { text: row.skuName, sub: row.storeName ?? '' },
        nowCell(ctx, row),
        ...(claim.money
          ? [row.claimedFen === 0 ? null : f.money(row.claimedFen), ...(agreed ? [agreedCell(ctx, row)] : [])]
          : []),
        ...(edits ? [removal(ctx, `${protectionHref(claim.id)}/devices/${row.id}/removal`)] : []),
      ],
    })),
  };
}

function coverageCell(ctx: ProtectionCtx, { coverage, reason }: ProtectedDeviceView): Cell {
  const state = coverageLabel(ctx, coverage);
  return reason === null ? { state } : { state, sub: ctx.t(`purchasing:protection.reason.${reason}`) };
}

/** Where it is today, and the sale whose cost is corrected. */
function nowCell({ t, f, can }: ProtectionCtx, row: ProtectedDeviceView): Cell {
  if (row.stateNow === null) return null;
  const text = t(`ledger:state.${row.stateNow}`);
  if (row.saleNumber === null || row.soldOn === null || row.stateNow !== 'sold') return text;
  const opens = can('sales.sale.view') && row.saleType !== null && row.saleId !== null;
  return {
    text: row.saleNumber,
    sub: t('purchasing:protection.soldOn', { date: f.date(row.soldOn) }),
    ...(opens ? { href: documentHref(row.saleType ?? '', row.saleId ?? 0) } : {}),
  };
}

function agreedCell({ t, f }: ProtectionCtx, row: ProtectedDeviceView): Cell {
  if (row.coverage === 'none') return null;
  if (row.agreedFen === 0) return { text: f.money(0), sub: t('purchasing:protection.refusedOne'), tone: 'hold' };
  const toStock = (row.stockFen ?? 0) > 0;
  return {
    text: f.money(row.agreedFen),
    sub: t(toStock ? 'purchasing:protection.bookedStock' : 'purchasing:protection.bookedCost'),
  };
}

/** Fields of a product whose price was cut; `sku` first. */
export function priceFields(
  { t }: Pick<Ctx, 't'>,
  given: (name: string) => string,
  problem: (name: string) => string | undefined,
): Field[] {
  const field = (name: string, more: Partial<Field>): Field => {
    const error = problem(name);
    const label = more.label ?? t(`purchasing:protection.${name}`);
    return { name, value: given(name), ...(error ? { error } : {}), ...more, label };
  };
  return [
    field('sku', {
      type: 'search',
      label: t('purchasing:line.sku'),
      placeholder: t('purchasing:line.skuHint'),
      autocomplete: 'off',
      wide: true,
    }),
    field('oldPrice', { type: 'money', optional: true }),
    field('newPrice', { type: 'money', optional: true }),
    field('unit', { type: 'money', placeholder: t('purchasing:protection.unitHint') }),
    field('wholeModel', { type: 'checkbox', value: '1', checked: given('wholeModel') === '1' }),
  ];
}
