import type { Action, Attachments, Facts, Message, RelatedDocuments } from '../../../platform/views';
import type { DocumentEvent } from '../queries/document-timeline';
import type { InvoiceView, ShareView } from '../queries/invoice-page';
import { type DocumentPage, timelineOf } from './document.page';
import { type InvoiceCtx, matchTable, otherFields, sharesTable } from './invoice-parts';
import { invoiceCrumbs, invoiceHref, invoiceState } from './invoice-words';
import { receiptHref } from './receipt-parts';

export interface InvoicePageInput {
  document: InvoiceView;
  shares: readonly ShareView[];
  timeline: readonly DocumentEvent[];
  rates: readonly { name: string; rateBp: number }[];
  /** Lines of receipts that it could still take. */
  takeable: number;
  attachments: Attachments;
  operationKey: string;
  today: string;
  notices?: Message[];
  typed?: { values: Record<string, string>; problems: Record<string, string> };
}

export const MOST_SHARES = 500;

export function invoicePage(ctx: InvoiceCtx, input: InvoicePageInput): DocumentPage {
  const { t, f } = ctx;
  const { document } = input;
  const href = invoiceHref(document.id);
  const edits = document.state === 'draft' && ctx.can('purchasing.invoice.edit', document.storeId);
  const links = [
    ...(edits && input.takeable > 0
      ? [{ href: `${href}/receipts`, label: t('purchasing:invoice.take', { count: f.number(input.takeable) }) }]
      : []),
    ...(edits && document.lines.length > 0
      ? [{ href: `${href}/lines`, label: t('purchasing:invoice.editLines') }]
      : []),
  ];
  return {
    head: {
      crumbs: invoiceCrumbs(ctx),
      title: document.number,
      state: invoiceState(ctx, document.state, true),
      say: t('purchasing:invoice.say', { supplier: document.supplierName, number: document.invoiceNumber }),
      actions: actions(ctx, input, edits),
    },
    notices: [...(input.notices ?? []), ...stateNotices(ctx, input)],
    scan: null,
    tables: [
      {
        id: 'lines',
        title: t('purchasing:invoice.matching'),
        say: t('purchasing:receipt.linesSay', { count: document.lines.length }),
        links,
        table: matchTable(ctx, document, edits),
        empty: {
          title: t('purchasing:receipt.noLines'),
          text: t(input.takeable > 0 ? 'purchasing:invoice.noLinesHint' : 'purchasing:invoice.nothingToTake'),
        },
      },
      ...(input.shares.length > 0
        ? [
            {
              id: 'shares',
              title: t('purchasing:invoice.shares'),
              say: t(
                input.shares.length < MOST_SHARES ? 'purchasing:invoice.sharesSay' : 'purchasing:invoice.sharesFirst',
                { count: f.number(input.shares.length) },
              ),
              links: [],
              table: sharesTable(ctx, input.shares),
              empty: { title: '', text: '' },
            },
          ]
        : []),
    ],
    addLine: edits ? addOther(ctx, input) : null,
    facts: facts(ctx, input),
    editHref: edits ? `${href}/edit` : null,
    money: moneyFacts(ctx, document),
    related: related(ctx, document),
    attachments: input.attachments,
    timeline: timelineOf(ctx, 'purchasing:invoice.timeline', input.timeline),
  };
}

function actions(ctx: InvoiceCtx, { document, takeable, operationKey }: InvoicePageInput, edits: boolean): Action[] {
  const { t, f, can } = ctx;
  const { state, storeId, version } = document;
  const href = invoiceHref(document.id);
  const fields = { version, operationKey };
  const list: Action[] = [
    { label: t('common:action.print'), href: `${href}/print`, icon: 'printer', look: 'quiet', wideOnly: true },
  ];
  if (edits)
    list.push({
      label: t('common:action.delete'),
      href: `${href}/deletion`,
      look: 'quiet',
      icon: 'trash',
      confirm: true,
    });
  if (edits && takeable > 0 && document.lines.length === 0)
    list.push({
      label: t('purchasing:invoice.take', { count: f.number(takeable) }),
      href: `${href}/receipts`,
      icon: 'truck-loading',
      look: 'primary',
    });
  if ((state === 'submitted' || state === 'approved') && can('purchasing.invoice.edit', storeId))
    list.push({
      label: t('purchasing:invoice.withdraw'),
      href: `${href}/withdrawal`,
      method: 'post',
      fields,
      look: 'quiet',
    });
  if (state === 'submitted' && can('purchasing.invoice.approve', storeId)) {
    list.push({ label: t('purchasing:invoice.sendBack'), href: `${href}/return`, look: 'plain', confirm: true });
    list.push({
      label: t('purchasing:invoice.approve'),
      href: `${href}/approval`,
      method: 'post',
      fields,
      icon: 'check',
      look: 'primary',
    });
  }
  const off = document.totalFen - document.grossFen;
  const reason =
    document.lines.length === 0
      ? t('purchasing:error.invoice_no_lines')
      : off !== 0
        ? t('purchasing:invoice.off', { amount: f.moneySigned(-off) })
        : null;
  const go = reason === null ? { confirm: true } : { disabled: reason };
  if (state === 'draft' && beyondOf(document) > 0 && edits)
    list.push({
      label: t('purchasing:invoice.submit'),
      href: `${href}/submission`,
      icon: 'send',
      look: 'primary',
      ...(reason === null ? { method: 'post' as const, fields } : { disabled: reason }),
    });
  else if ((state === 'draft' || state === 'approved') && can('purchasing.invoice.post', storeId))
    list.push({ label: t('purchasing:invoice.post'), href: `${href}/posting`, icon: 'check', look: 'primary', ...go });
  if (state === 'posted' && can('purchasing.invoice.reverse', storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      icon: 'arrow-back-up',
      look: 'danger',
      confirm: true,
    });
  return list;
}

const beyondOf = ({ lines }: InvoiceView): number => lines.filter(({ match }) => match?.beyond).length;

function stateNotices({ t, f }: InvoiceCtx, { document, today }: InvoicePageInput): Message[] {
  const { state, totalFen, grossFen, openFen, dueOn } = document;
  const notices: Message[] = [];
  const beyond = beyondOf(document);
  const open = state === 'draft' || state === 'submitted' || state === 'approved';
  if (state === 'reversed')
    notices.push({
      tone: 'hold',
      title: t('purchasing:receipt.wasReversed', { number: document.reversalNumber ?? '' }),
      text: t('purchasing:receipt.reversedBecause', {
        at: f.dateTime(document.reversedAt),
        reason: document.reversalReason ?? '',
      }),
    });
  if (open && beyond > 0)
    notices.push({
      tone: state === 'approved' ? 'ok' : 'hold',
      title: t(`purchasing:invoice.beyond.${state}`, { count: beyond, by: document.approvedByName ?? '' }),
    });
  if (open && document.lines.length > 0 && totalFen !== grossFen)
    notices.push({
      tone: 'hold',
      title: t('purchasing:invoice.totalOff', {
        total: f.money(totalFen),
        lines: f.money(grossFen),
        difference: f.moneySigned(grossFen - totalFen),
      }),
    });
  if (document.hidden > 0)
    notices.push({ tone: 'way', title: t('purchasing:order.hidden', { count: document.hidden }) });
  if ((openFen ?? 0) > 0 && dueOn < today)
    notices.push({
      tone: 'bad',
      title: t('purchasing:invoice.isOverdue', { amount: f.moneyYuan(openFen), date: f.date(dueOn) }),
    });
  return notices;
}

function addOther(
  ctx: InvoiceCtx,
  { document, operationKey, rates, typed }: InvoicePageInput,
): DocumentPage['addLine'] {
  return {
    title: ctx.t('purchasing:invoice.addOther'),
    action: `${invoiceHref(document.id)}/lines`,
    operationKey: `${operationKey}-line`,
    suggestions: '',
    fields: otherFields(
      ctx,
      rates,
      (name) => typed?.values[name] ?? '',
      (name) => typed?.problems[name],
    ),
  };
}

function facts({ t, f, can }: InvoiceCtx, { document }: InvoicePageInput): Facts {
  return {
    facts: [
      {
        label: t('purchasing:receipt.supplier'),
        value: document.supplierName,
        ...(can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${document.supplierId}` } : {}),
      },
      { label: t('purchasing:invoice.invoiceNumber'), value: document.invoiceNumber },
      {
        label: t('purchasing:invoice.type'),
        value: t(document.deductible ? 'purchasing:invoice.special' : 'purchasing:invoice.ordinary'),
      },
      { label: t('purchasing:invoice.invoicedOn'), value: f.date(document.invoicedOn) },
      { label: t('purchasing:invoice.dueOn'), value: f.date(document.dueOn) },
      { label: t('purchasing:invoice.storeId'), value: document.storeName },
      ...(document.postedAt === null
        ? []
        : [{ label: t('purchasing:receipt.businessDate'), value: f.date(document.businessDate) }]),
      { label: t('purchasing:return.by'), value: document.createdByName },
      ...(document.note ? [{ label: t('purchasing:receipt.note'), value: document.note }] : []),
    ],
  };
}

function moneyFacts({ t, f }: InvoiceCtx, document: InvoiceView): Facts {
  const { grossFen, taxFen, totalFen, accruedFen, heldFen, adjustedFen, openFen } = document;
  return {
    money: true,
    facts: [
      { label: t('purchasing:receipt.net'), value: f.money(grossFen - taxFen) },
      { label: t('purchasing:invoice.tax'), value: f.money(taxFen) },
      { label: t('purchasing:invoice.linesTotal'), value: f.moneyYuan(grossFen), strong: true },
      { label: t('purchasing:invoice.paperTotal'), value: f.moneyYuan(totalFen) },
      ...(accruedFen === null
        ? []
        : [
            { label: t('purchasing:invoice.accrued'), value: f.money(accruedFen) },
            { label: t('purchasing:invoice.held'), value: f.moneySigned(heldFen ?? 0) },
            { label: t('purchasing:invoice.adjusted'), value: f.moneySigned(adjustedFen ?? 0) },
          ]),
      ...(openFen === null ? [] : [{ label: t('purchasing:invoice.open'), value: f.moneyYuan(openFen), strong: true }]),
    ],
  };
}

function related({ t, f, can }: InvoiceCtx, document: InvoiceView): RelatedDocuments {
  const receipts = new Map(
    document.lines.flatMap(({ received }) => (received ? [[received.receiptId, received] as const] : [])),
  );
  return {
    documents: [
      ...[...receipts.values()].map(({ receiptId, receiptNumber, businessDate, storeName }) => ({
        number: receiptNumber,
        icon: 'truck-loading' as const,
        say: t('purchasing:invoice.receiptSay', { date: f.date(businessDate), store: storeName }),
        ...(can('purchasing.receipt.view') ? { href: receiptHref(receiptId) } : {}),
      })),
      ...(document.reversalNumber
        ? [
            {
              number: document.reversalNumber,
              icon: 'arrow-back-up' as const,
              say: t('purchasing:receipt.reversalSay', { at: f.dateTime(document.reversedAt) }),
            },
          ]
        : []),
    ],
  };
}
