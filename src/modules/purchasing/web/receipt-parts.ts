import { clockText } from '../../../kernel';
import type { Ctx } from '../../../platform/http';
import type { ScanPanel, Table } from '../../../platform/views';
import type { ReceiptLineView, ReceiptView, ScanState } from '../queries/receipt-page';
import { scanLink, scanText } from './receipt-words';

export type ReceiptCtx = Pick<Ctx, 't' | 'f' | 'can' | 'services' | 'today'>;

export interface OpenScanRow {
  id: number;
  text: string;
  reason: string;
  link?: { href: string; label: string };
  overridable: boolean;
}

export interface OpenScans {
  action: string;
  lineId: string;
  rows: OpenScanRow[];
}

interface Scanned {
  receipt: ReceiptView;
  /** The line that scans go into; null: by model. */
  chosen: ReceiptLineView | null;
  pasted?: string;
}

export const receiptHref = (id: number): string => `/purchasing/receipts/${id}`;

export function scanPanel(ctx: ReceiptCtx, { receipt, chosen, pasted }: Scanned, scans: ScanState): ScanPanel {
  const { t } = ctx;
  const href = receiptHref(receipt.id);
  const serial = receipt.lines.filter(({ tracking }) => tracking === 'serial');
  const [newest] = scans.log;
  return {
    title: t('purchasing:scan.title'),
    say: chosen ? t('purchasing:scan.into', { line: chosen.lineNo, name: chosen.skuName }) : t('purchasing:scan.say'),
    endpoint: `${href}/scans`,
    with: { line: chosen?.id ?? null },
    pasteAction: `${href}/pasted`,
    fileAction: `${href}/files`,
    fields: [
      {
        name: 'line',
        label: t('purchasing:scan.line'),
        type: 'select',
        value: chosen?.id ?? '',
        choose: t('purchasing:scan.byModel'),
        options: serial.map((line) => ({ value: line.id, label: `${line.lineNo}. ${line.skuName}` })),
      },
      { name: 'single', label: t('purchasing:scan.single'), type: 'checkbox', value: '1', checked: false },
    ],
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    ...(newest ? { last: { outcome: newest.outcome, text: scanText(ctx, newest) } } : {}),
    tally: scans.tally,
    progress: { label: t('purchasing:scan.received'), done: scannedOf(receipt), total: expectedOf(receipt) },
    log: scans.log.map((verdict) => {
      const link = scanLink(ctx, receipt.id, verdict);
      return {
        outcome: verdict.outcome,
        code: verdict.number ?? verdict.text,
        text: scanText(ctx, verdict),
        at: clockText(verdict.scannedAt, ctx.services.timeZone),
        ...(link ? { link } : {}),
      };
    }),
    refresh: '#receipt-head, #receipt-steps, #lines, #money, #timeline, #open-scans',
  };
}

export const scannedOf = (receipt: ReceiptView): number => receipt.lines.reduce((sum, line) => sum + line.received, 0);
export const expectedOf = (receipt: ReceiptView): number => receipt.lines.reduce((sum, line) => sum + line.quantity, 0);

export function openScans(ctx: ReceiptCtx, { receipt, chosen }: Scanned, scans: ScanState): OpenScans {
  return {
    action: `${receiptHref(receipt.id)}/corrections`,
    lineId: chosen ? String(chosen.id) : '',
    rows: scans.open.map((verdict) => {
      const link = scanLink(ctx, receipt.id, verdict);
      return {
        id: verdict.id,
        text: verdict.text,
        reason: scanText(ctx, verdict),
        overridable: (verdict.overridable ?? false) && scans.mayOverride,
        ...(link ? { link } : {}),
      };
    }),
  };
}

export function linesTable(
  ctx: ReceiptCtx,
  receipt: ReceiptView,
  chosen: ReceiptLineView | null,
  edits: boolean,
): Table {
  const { t, f } = ctx;
  const href = receiptHref(receipt.id);
  const money = receipt.money !== undefined;
  const difference = (quantity: number, received: number) =>
    received < quantity
      ? {
          state: {
            tone: 'hold' as const,
            text: t('purchasing:receipt.missing', { count: f.number(quantity - received) }),
          },
        }
      : { state: { tone: 'ok' as const, text: t('purchasing:receipt.complete') } };
  return {
    id: 'receipt-lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'line', label: '#', card: 'hide' },
      { key: 'product', label: t('purchasing:receipt.product'), card: 'title' },
      { key: 'quantity', label: t('purchasing:receipt.quantity'), num: true, card: 'number' },
      { key: 'received', label: t('purchasing:receipt.receivedNow'), num: true, card: 'number' },
      { key: 'difference', label: t('purchasing:receipt.difference'), card: 'state' },
      ...(money
        ? [
            { key: 'price', label: t('purchasing:receipt.price'), num: true, card: 'number' as const },
            { key: 'amount', label: t('purchasing:receipt.amount'), num: true, card: 'number' as const },
          ]
        : []),
      ...(edits
        ? [{ key: 'actions', label: t('purchasing:receipt.lineActions'), quiet: true, card: 'full' as const }]
        : []),
    ],
    rows: receipt.lines.map((line) => ({
      id: line.id,
      selected: line.id === chosen?.id,
      cells: [
        { text: String(line.lineNo), muted: true },
        {
          text: line.skuName,
          sub: [
            line.skuCode,
            line.order?.number,
            line.batchCode && t('purchasing:line.batch', { code: line.batchCode }),
            line.expiresOn && t('purchasing:line.expires', { date: f.date(line.expiresOn) }),
          ]
            .filter(Boolean)
            .join(' · '),
          strong: true,
          ...(edits && line.tracking === 'serial' ? { href: `${href}?line=${line.id}` } : {}),
        },
        line.countsScans ? { text: t('purchasing:receipt.asScanned'), muted: true } : f.number(line.quantity),
        {
          text: f.number(line.received),
          strong: true,
          ...(line.tracking === 'serial' && line.received > 0 ? { href: `${href}/devices?line=${line.lineNo}` } : {}),
        },
        difference(line.quantity, line.received),
        ...(money
          ? [
              line.unitPriceFen === null || line.unitPriceFen === undefined
                ? { text: t('purchasing:receipt.noPrice'), tone: 'hold' as const }
                : f.money(line.unitPriceFen),
              f.money(line.amountFen),
            ]
          : []),
        ...(edits
          ? [
              {
                actions: [
                  {
                    label: t('common:action.remove'),
                    href: `${href}/lines/${line.id}/removal`,
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
      f.number(receipt.quantity),
      f.number(receipt.received),
      receipt.lines.length > 0 ? difference(receipt.quantity, receipt.received) : null,
      ...(money ? [null, f.money(receipt.money?.grossFen)] : []),
      ...(edits ? [null] : []),
    ],
  };
}
