import { type Ctx, documentHref } from '../../../platform/http';
import type { Cell, Field, Table } from '../../../platform/views';
import type { ReturnedDeviceView, ReturnLineView, ReturnView } from '../queries/return-page';
import { returnHref } from './return-words';

export type ReturnCtx = Pick<Ctx, 't' | 'f' | 'can'>;

export function linesTable(ctx: ReturnCtx, document: ReturnView, edits: boolean): Table {
  const { t, f } = ctx;
  const money = document.money !== undefined;
  const posted = document.state !== 'draft';
  const num = (key: string, label: string) => ({ key, label, num: true, card: 'number' as const });
  return {
    id: 'return-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'line', label: '#', card: 'hide' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'from', label: t('purchasing:return.from'), card: 'full' },
      num('quantity', t('purchasing:return.quantity')),
      ...(posted ? [num('replaced', t('purchasing:return.replaced'))] : []),
      ...(money
        ? [
            num('bought', t('purchasing:return.bought')),
            num('price', t('purchasing:return.agreedPrice')),
            num('amount', t('purchasing:receipt.amount')),
            ...(posted ? [num('cost', t('purchasing:return.cost'))] : []),
          ]
        : []),
      ...(edits
        ? [{ key: 'actions', label: t('purchasing:receipt.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: document.lines.map((line) => ({
      id: line.id,
      cells: [
        { text: String(line.lineNo), muted: true },
        { text: line.skuName, sub: line.skuCode, strong: true },
        fromCell(ctx, line),
        f.number(line.quantity),
        ...(posted ? [f.number(line.replaced)] : []),
        ...(line.money
          ? [
              line.money.boughtFen === null ? null : f.money(line.money.boughtFen),
              line.money.unitPriceFen === null
                ? { text: t('purchasing:receipt.noPrice'), tone: 'hold' as const }
                : f.money(line.money.unitPriceFen),
              f.money(line.money.amountFen),
              ...(posted ? [f.money(line.money.costFen)] : []),
            ]
          : []),
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('common:action.remove'),
                    href: `${returnHref(document.id)}/lines/${line.id}/removal`,
                    icon: 'trash' as const,
                    confirm: true,
                  },
                ],
              },
            ]
          : []),
      ],
    })),
    totals: [
      null,
      { text: t('common:total') },
      null,
      f.number(document.quantity),
      ...(posted ? [null] : []),
      ...(document.money
        ? [null, null, f.money(document.money.grossFen), ...(posted ? [f.money(document.money.costFen)] : [])]
        : []),
      ...(edits ? [null] : []),
    ],
  };
}

function fromCell({ t, f }: ReturnCtx, line: ReturnLineView): Cell {
  const what =
    line.bucket === null
      ? t('purchasing:return.byDevice')
      : [
          t(`purchasing:return.bucket.${line.bucket}`),
          line.batchCode === null ? '' : t('purchasing:line.batch', { code: line.batchCode }),
        ]
          .filter(Boolean)
          .join(' · ');
  if (line.foreignPieces === 0) return what;
  return {
    text: what,
    sub: t('purchasing:return.foreignCount', { count: f.number(line.foreignPieces) }),
    tone: 'hold',
  };
}

export function devicesTable(
  ctx: ReturnCtx,
  document: ReturnView,
  devices: readonly ReturnedDeviceView[],
  edits: boolean,
): Table {
  const { t, f } = ctx;
  const seesDevices = ctx.can('inventory.device.view');
  return {
    id: 'return-devices',
    caption: t('purchasing:receipt.devices'),
    columns: [
      { key: 'seq', label: '#', card: 'hide' },
      { key: 'number', label: t('purchasing:return.device'), keep: true, card: 'title' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'full' },
      { key: 'supplier', label: t('purchasing:return.origin'), card: 'full' },
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
          ...(seesDevices ? { href: documentHref('inventory.device', row.deviceId) } : {}),
        },
        row.skuName,
        row.foreignPiece
          ? { text: row.supplierName ?? t('purchasing:return.unknownOrigin'), tone: 'hold' as const }
          : document.supplierName,
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('common:action.remove'),
                    href: `${returnHref(document.id)}/devices/${row.id}/removal`,
                    icon: 'trash' as const,
                    confirm: true,
                  },
                ],
              },
            ]
          : []),
      ],
    })),
  };
}

/** Fields of goods without serial numbers; `sku` first. */
export function goodsFields(
  { t }: Pick<Ctx, 't'>,
  document: ReturnView,
  given: (name: string) => string,
  problem: (name: string) => string | undefined,
): Field[] {
  const field = (name: string, more: Partial<Field>): Field => {
    const error = problem(name);
    const label = more.label ?? t(`purchasing:line.${name}`);
    return { name, value: given(name), ...(error ? { error } : {}), ...more, label };
  };
  return [
    field('sku', { type: 'search', placeholder: t('purchasing:line.skuHint'), autocomplete: 'off', wide: true }),
    field('quantity', { label: t('purchasing:return.quantity'), inputmode: 'numeric', autocomplete: 'off' }),
    ...(document.money
      ? [
          field('unitPrice', {
            label: t('purchasing:return.agreedPrice'),
            type: 'money',
            placeholder: t('purchasing:line.unitPriceHint'),
          }),
        ]
      : []),
    field('bucket', {
      label: t('purchasing:return.from'),
      type: 'select',
      choose: false,
      value: given('bucket') || 'sellable',
      options: (['sellable', 'defective', 'demo'] as const).map((bucket) => ({
        value: bucket,
        label: t(`purchasing:return.bucket.${bucket}`),
      })),
    }),
    field('batchCode', { optional: true, maxlength: 40, hint: t('purchasing:return.batchHint') }),
  ];
}
