import type {
  Action,
  Attachments,
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
import { linesTable, openScans, type OpenScans, type ReceiptCtx, receiptHref, scanPanel } from './receipt-parts';
import type { FoundInvoice } from '../queries/invoice-list';
import { relatedToReceipt } from './receipt-related';
import { receiptState } from './receipt-words';

export interface AddLineForm {
  /** Left out: 加商品. */
  title?: string;
  action: string;
  operationKey: string;
  fields: Field[];
  suggestions: string;
  fileAction: string;
  fileHint: string;
}

export interface ReceiptPage {
  head: PageHead;
  steps: StepBar;
  notices: Message[];
  scan: ScanPanel | null;
  open: OpenScans | null;
  lines: Table;
  linesSay: string;
  linesHref: string | null;
  devicesHref: string | null;
  addLine: AddLineForm | null;
  facts: Facts;
  editHref: string | null;
  money: Facts | null;
  related: RelatedDocuments;
  attachments: Attachments;
  timeline: Timeline;
}

export interface ReceiptPageInput {
  receipt: ReceiptView;
  scans: ScanState | null;
  timeline: readonly TimelineEntry[];
  attachments: Attachments;
  invoices: readonly FoundInvoice[];
  /** Something of it is without invoice, and the reader may enter one. */
  invoiceable: boolean;
  /** Lines of orders that could be taken into this draft. */
  takeable: number;
  /** The line that scans go into; null: by model. */
  chosen: ReceiptLineView | null;
  operationKey: string;
  notices?: Message[];
  /** What was typed into the form for a new line, with its problems. */
  typed?: { values: Record<string, string>; problems: Record<string, string> };
  pasted?: string;
}

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
    steps: steps(ctx, input),
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
    related: relatedToReceipt(ctx, receipt, input.invoices),
    attachments: input.attachments,
    timeline: timeline(ctx, input.timeline),
  };
}

function actions(ctx: ReceiptCtx, input: ReceiptPageInput, edits: boolean): Action[] {
  const { receipt, takeable, operationKey } = input;
  const { t } = ctx;
  const href = receiptHref(receipt.id);
  const devices = receipt.lines.some(({ tracking, received }) => tracking === 'serial' && received > 0);
  const list: Action[] = [
    ...(edits && takeable > 0
      ? [
          {
            label: t('purchasing:take.open', { count: takeable }),
            href: `${href}/orders`,
            icon: 'shopping-cart' as const,
            look: 'plain' as const,
          },
        ]
      : []),
    ...(edits
      ? [
          {
            label: t('purchasing:packing.one'),
            href: `${href}/packing/new`,
            icon: 'package' as const,
            look: 'plain' as const,
          },
        ]
      : []),
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
  if (input.invoiceable)
    list.push({
      label: t('purchasing:invoice.enter'),
      href: `/purchasing/invoices/new?receipt=${receipt.id}`,
      icon: 'file-invoice',
      look: 'plain',
    });
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

function steps({ t, f }: ReceiptCtx, { receipt, invoices }: ReceiptPageInput): StepBar {
  const invoiced = receipt.withInvoice || (receipt.cleared && invoices.some((one) => one.state === 'posted'));
  const { state, lines, received, quantity } = receipt;
  const scanned = `${f.number(received)} / ${f.number(quantity)}`;
  const done = state !== 'draft';
  const date = (at: number | null): string => (at === null ? '' : f.dayAt(at));
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
        label: t(invoiced ? 'purchasing:step.invoiced' : 'purchasing:step.invoice'),
        state: done && invoiced ? 'done' : at(3),
      },
    ],
  };
}

function stateNotices({ t, f }: ReceiptCtx, receipt: ReceiptView): Message[] {
  if (receipt.state === 'draft' && receipt.blind)
    return [{ tone: 'way', title: t('purchasing:take.blind'), text: t('purchasing:take.blindHint') }];
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
