import type { Ctx } from '../../../platform/http';
import type {
  Action,
  Facts,
  Field,
  Message,
  PageHead,
  RelatedDocuments,
  ScanPanel,
  StepBar,
  Table,
  Timeline,
} from '../../../platform/views';
import type { ReceiptLineView, ReceiptView, ScanState, TimelineEntry } from '../queries/receipt-page';
import { clockTime, receiptState, scanLink, scanText } from './receipt-words';

export type ReceiptCtx = Pick<Ctx, 't' | 'f' | 'can' | 'services' | 'today'>;

export interface AddLineForm {
  action: string;
  operationKey: string;
  fields: Field[];
  suggestions: string;
  fileAction: string;
  fileHint: string;
}

export interface OpenScanRow {
  id: number;
  text: string;
  reason: string;
  link?: { href: string; label: string };
  overridable: boolean;
}

export interface ReceiptPage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  scan: ScanPanel | null;
  open: { action: string; lineId: string; rows: OpenScanRow[] } | null;
  lines: Table;
  linesSay: string;
  linesHref: string | null;
  devicesHref: string | null;
  addLine: AddLineForm | null;
  facts: Facts;
  editHref: string | null;
  money: Facts | null;
  related: RelatedDocuments;
  timeline: Timeline;
}

export interface ReceiptPageInput {
  receipt: ReceiptView;
  scans: ScanState | null;
  timeline: readonly TimelineEntry[];
  /** The line that scans go into; null: by model. */
  chosen: ReceiptLineView | null;
  operationKey: string;
  notices?: Message[];
  /** What was typed into the form for a new line, with its problems. */
  typed?: { values: Record<string, string>; problems: Record<string, string> };
  pasted?: string;
}

export const receiptHref = (id: number): string => `/purchasing/receipts/${id}`;

export function receiptPage(ctx: ReceiptCtx, input: ReceiptPageInput): ReceiptPage {
  const { t } = ctx;
  const { receipt } = input;
  const href = receiptHref(receipt.id);
  const edits = receipt.state === 'draft' && ctx.can('purchasing.receipt.edit', receipt.storeId);
  return {
    head: {
      crumbs: [
        { label: t('purchasing:menu.purchasing'), href: '/purchasing/receipts' },
        { label: t('purchasing:receipt.title'), href: '/purchasing/receipts' },
      ],
      title: receipt.number,
      state: receiptState(ctx, receipt.state),
      say: t('purchasing:receipt.say', {
        supplier: receipt.supplierName,
        place: `${receipt.storeName} ${receipt.locationName}`,
      }),
      actions: actions(ctx, input, edits),
    },
    steps: steps(ctx, receipt),
    notices: [...(input.notices ?? []), ...stateNotices(ctx, receipt)],
    scan: edits && input.scans ? scanPanel(ctx, input, input.scans) : null,
    open: edits && input.scans ? openScans(ctx, input, input.scans) : null,
    lines: linesTable(ctx, receipt, input.chosen, edits),
    linesSay: t(receipt.money ? 'purchasing:receipt.linesSay' : 'purchasing:receipt.linesCount', {
      count: receipt.lines.length,
    }),
    linesHref: edits && receipt.lines.length > 0 ? `${href}/lines` : null,
    devicesHref: receipt.lines.some(({ tracking, received }) => tracking === 'serial' && received > 0)
      ? `${href}/devices`
      : null,
    addLine: edits ? addLineForm(ctx, input) : null,
    facts: facts(ctx, receipt),
    editHref: edits ? `${href}/edit` : null,
    money: receipt.money
      ? {
          money: true,
          facts: [
            { label: t('purchasing:receipt.net'), value: ctx.f.money(receipt.money.netFen) },
            { label: t('purchasing:receipt.tax'), value: ctx.f.money(receipt.money.taxFen) },
            { label: t('purchasing:receipt.gross'), value: ctx.f.moneyYuan(receipt.money.grossFen), strong: true },
          ],
        }
      : null,
    related: related(ctx, receipt),
    timeline: timeline(ctx, input.timeline),
  };
}

function actions(ctx: ReceiptCtx, { receipt, operationKey }: ReceiptPageInput, edits: boolean): Action[] {
  const { t } = ctx;
  const href = receiptHref(receipt.id);
  const devices = receipt.lines.some(({ tracking, received }) => tracking === 'serial' && received > 0);
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (devices)
    list.push({ label: t('purchasing:receipt.labels'), href: `${href}/labels`, icon: 'barcode', look: 'quiet' });
  if (edits)
    list.push({
      label: t('common:action.delete'),
      href: `${href}/deletion`,
      look: 'quiet',
      icon: 'trash',
      confirm: true,
    });
  if (receipt.state === 'draft' && ctx.can('purchasing.receipt.post', receipt.storeId))
    list.push(postAction(ctx, receipt, operationKey));
  if (receipt.state === 'posted' && ctx.can('purchasing.receipt.reverse', receipt.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      icon: 'arrow-back-up',
      look: 'danger',
      confirm: true,
    });
  return list;
}

/** Names its effect; asks first when fewer came than the delivery note says. */
function postAction(ctx: ReceiptCtx, receipt: ReceiptView, operationKey: string): Action {
  const { t, f } = ctx;
  const href = `${receiptHref(receipt.id)}/posting`;
  const label = t('purchasing:receipt.post', { count: f.number(receipt.received) });
  const action: Action = { label, href, icon: 'check', look: 'primary' };
  if (receipt.received === 0) return { ...action, disabled: t('purchasing:receipt.nothingYet') };
  if (receipt.lines.some((line) => !line.priced && line.received > 0))
    return { ...action, disabled: t('purchasing:receipt.pricesMissing') };
  if (receipt.lines.some((line) => line.received !== line.quantity || line.received === 0))
    return { ...action, confirm: true };
  return { ...action, method: 'post', fields: { version: receipt.version, operationKey } };
}

function steps({ t, f }: ReceiptCtx, receipt: ReceiptView): StepBar {
  const { state, lines, received, quantity } = receipt;
  const scanned = `${f.number(received)} / ${f.number(quantity)}`;
  const done = state !== 'draft';
  const date = (at: number | null): string => (at === null ? '' : f.dateTime(at).slice(5, 10));
  const complete = lines.length > 0 && lines.every((line) => line.received === line.quantity && line.received > 0);
  const entered = lines.length > 0;
  const now = done ? 3 : complete ? 2 : entered ? 1 : 0;
  const at = (index: number): 'done' | 'now' | 'later' => (index < now ? 'done' : index === now ? 'now' : 'later');
  return {
    steps: [
      {
        label: t('purchasing:step.note'),
        state: at(0),
        ...(receipt.deliveryNote ? { fact: receipt.deliveryNote } : {}),
      },
      { label: t('purchasing:step.scan'), state: at(1), ...(entered ? { fact: scanned } : {}) },
      { label: t('purchasing:step.post'), state: at(2), ...(receipt.postedAt ? { fact: date(receipt.postedAt) } : {}) },
      {
        label: t(receipt.withInvoice ? 'purchasing:step.invoiced' : 'purchasing:step.invoice'),
        state: done && receipt.withInvoice ? 'done' : at(3),
      },
    ],
  };
}

function stateNotices({ t, f }: ReceiptCtx, receipt: ReceiptView): Message[] {
  if (receipt.state !== 'reversed') return [];
  return [
    {
      tone: 'hold',
      title: t('purchasing:receipt.wasReversed', { number: receipt.reversalNumber ?? '' }),
      text: t('purchasing:receipt.reversedBecause', {
        at: f.dateTime(receipt.reversedAt),
        reason: receipt.reversalReason ?? '',
      }),
    },
  ];
}

function scanPanel(ctx: ReceiptCtx, { receipt, chosen, pasted }: ReceiptPageInput, scans: ScanState): ScanPanel {
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
        at: clockTime(verdict.scannedAt, ctx.services.timeZone),
        ...(link ? { link } : {}),
      };
    }),
    refresh: '#receipt-head, #receipt-steps, #lines, #money, #timeline, #open-scans',
  };
}

export const scannedOf = (receipt: ReceiptView): number => receipt.lines.reduce((sum, line) => sum + line.received, 0);
export const expectedOf = (receipt: ReceiptView): number => receipt.lines.reduce((sum, line) => sum + line.quantity, 0);

function openScans(ctx: ReceiptCtx, { receipt, chosen }: ReceiptPageInput, scans: ScanState): ReceiptPage['open'] {
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

function linesTable(ctx: ReceiptCtx, receipt: ReceiptView, chosen: ReceiptLineView | null, edits: boolean): Table {
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
          sub: [line.skuCode, line.batchCode].filter(Boolean).join(' · '),
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

function addLineForm(ctx: ReceiptCtx, { receipt, operationKey, typed }: ReceiptPageInput): AddLineForm {
  const { t } = ctx;
  const field = (name: string, more: Partial<Field>): Field => ({
    name,
    label: t(`purchasing:line.${name}`),
    value: typed?.values[name] ?? '',
    ...(typed?.problems[name] ? { error: typed.problems[name] } : {}),
    ...more,
  });
  const href = receiptHref(receipt.id);
  return {
    action: `${href}/lines`,
    operationKey: `${operationKey}-line`,
    suggestions: '/purchasing/skus',
    fields: [
      field('sku', { type: 'search', placeholder: t('purchasing:line.skuHint'), autocomplete: 'off', wide: true }),
      field('quantity', { inputmode: 'numeric', autocomplete: 'off', placeholder: t('purchasing:line.quantityHint') }),
      ...(receipt.money
        ? [field('unitPrice', { type: 'money', placeholder: t('purchasing:line.unitPriceHint') })]
        : []),
    ],
    fileAction: `${href}/lines/file`,
    fileHint: t(receipt.money ? 'purchasing:line.fileHint' : 'purchasing:line.fileHintNoPrice'),
  };
}

function facts({ t, f, can }: ReceiptCtx, receipt: ReceiptView): Facts {
  return {
    facts: [
      {
        label: t('purchasing:receipt.supplier'),
        value: receipt.supplierName,
        ...(can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${receipt.supplierId}` } : {}),
      },
      { label: t('purchasing:receipt.businessDate'), value: f.date(receipt.businessDate) },
      {
        label: t('purchasing:receipt.deliveryNote'),
        value: receipt.deliveryNote ?? t('purchasing:none'),
        muted: receipt.deliveryNote === null,
      },
      { label: t('purchasing:receipt.place'), value: `${receipt.storeName} ${receipt.locationName}` },
      {
        label: t('purchasing:receipt.invoice'),
        value: t(receipt.withInvoice ? 'purchasing:receipt.withInvoice' : 'purchasing:receipt.withoutInvoice'),
      },
      ...(receipt.note ? [{ label: t('purchasing:receipt.note'), value: receipt.note }] : []),
    ],
  };
}

function related({ t, f }: ReceiptCtx, receipt: ReceiptView): RelatedDocuments {
  return {
    documents: [
      ...(receipt.reversalNumber
        ? [
            {
              number: receipt.reversalNumber,
              icon: 'arrow-back-up' as const,
              say: t('purchasing:receipt.reversalSay', { at: f.dateTime(receipt.reversedAt) }),
            },
          ]
        : []),
      {
        number: t('purchasing:receipt.supplierInvoice'),
        icon: 'file-invoice' as const,
        say: t(receipt.withInvoice ? 'purchasing:receipt.withInvoice' : 'purchasing:receipt.invoiceLater'),
      },
    ],
  };
}

function timeline({ t, f }: ReceiptCtx, entries: readonly TimelineEntry[]): Timeline {
  return {
    entries: entries.map(({ who, what, at, count, detail }, index) => ({
      who,
      what: t(`purchasing:timeline.${what}`, { ...detail, count: f.number(count ?? Number(detail['devices'] ?? 0)) }),
      at: f.dateTime(at),
      now: index === 0,
    })),
  };
}
