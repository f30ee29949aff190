import type { Action, Facts, Message, RelatedDocuments, ScanPanel } from '../../../platform/views';
import type { DocumentEvent } from '../queries/document-timeline';
import type { ReturnedDeviceView, ReturnView } from '../queries/return-page';
import { type DocumentPage, timelineOf } from './document.page';
import { devicesTable, goodsFields, linesTable, type ReturnCtx } from './return-parts';
import { receiptHref } from './receipt-parts';
import { receiptState } from './receipt-words';
import { returnCrumbs, returnHref, returnState } from './return-words';

export interface ReturnPageInput {
  document: ReturnView;
  devices: readonly ReturnedDeviceView[];
  deviceCount: number;
  timeline: readonly DocumentEvent[];
  operationKey: string;
  notices?: Message[];
  typed?: { values: Record<string, string>; problems: Record<string, string> };
  pasted?: string;
}

export function returnPage(ctx: ReturnCtx, input: ReturnPageInput): DocumentPage {
  const { t, f } = ctx;
  const { document } = input;
  const href = returnHref(document.id);
  const edits = document.state === 'draft' && ctx.can('purchasing.return.edit', document.storeId);
  const { money } = document;
  const say = t(money ? 'purchasing:receipt.linesSay' : 'purchasing:receipt.linesCount', {
    count: document.lines.length,
  });
  const shown = input.devices.length;
  return {
    head: {
      crumbs: returnCrumbs(ctx),
      title: document.number,
      state: returnState(ctx, document.state, true),
      say: t('purchasing:return.say', {
        supplier: document.supplierName,
        place: `${document.storeName} ${document.locationName}`,
      }),
      actions: actions(ctx, input, edits),
    },
    notices: [...(input.notices ?? []), ...stateNotices(ctx, document)],
    scan: edits ? scanPanel(ctx, input) : null,
    tables: [
      {
        id: 'lines',
        title: t('common:document.lines'),
        say,
        links:
          edits && document.lines.length > 0
            ? [{ href: `${href}/lines`, label: t('purchasing:receipt.editLines') }]
            : [],
        table: linesTable(ctx, document, edits),
        empty: { title: t('purchasing:receipt.noLines'), text: t('purchasing:return.noLinesHint') },
      },
      ...(edits || shown > 0
        ? [
            {
              id: 'devices',
              title: t('purchasing:receipt.devices'),
              say:
                shown < input.deviceCount
                  ? t('purchasing:return.devicesLast', { shown: f.number(shown), count: f.number(input.deviceCount) })
                  : t('purchasing:return.devicesSay', { count: f.number(shown) }),
              links: [],
              table: devicesTable(ctx, document, input.devices, edits),
              empty: { title: t('purchasing:return.noDevices'), text: t('purchasing:return.noDevicesHint') },
            },
          ]
        : []),
    ],
    addLine: edits ? addLine(ctx, input) : null,
    facts: facts(ctx, document),
    editHref: edits ? `${href}/edit` : null,
    money: money ? moneyFacts(ctx, money) : null,
    related: related(ctx, document),
    timeline: timelineOf(ctx, 'purchasing:return.timeline', input.timeline),
  };
}

function actions(ctx: ReturnCtx, { document, operationKey }: ReturnPageInput, edits: boolean): Action[] {
  const { t, f } = ctx;
  const href = returnHref(document.id);
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
  if (document.state === 'draft' && ctx.can('purchasing.return.post', document.storeId)) {
    const reason =
      document.lines.length === 0
        ? t('purchasing:return.nothingYet')
        : document.lines.some(({ priced }) => !priced)
          ? t('purchasing:receipt.pricesMissing')
          : document.foreignPieces > 0 && !ctx.can('purchasing.return.other-supplier', document.storeId)
            ? t('purchasing:return.foreignRight')
            : null;
    list.push({
      label: t('purchasing:return.post', { count: f.number(document.quantity) }),
      href: `${href}/posting`,
      icon: 'check',
      look: 'primary',
      ...(reason === null ? { confirm: true } : { disabled: reason }),
    });
  }
  if (document.state === 'posted' && ctx.can('purchasing.return.reverse', document.storeId))
    list.push({
      label: t('common:action.reverse'),
      href: `${href}/reversal`,
      icon: 'arrow-back-up',
      look: 'danger',
      confirm: true,
    });
  if (document.state === 'posted' && document.money && ctx.can('purchasing.invoice.edit', document.storeId))
    list.push({
      label: t('purchasing:return.creditNote'),
      href: `${href}/credit-note`,
      icon: 'file-invoice',
      look: 'plain',
    });
  if (document.openPieces > 0 && ctx.can('purchasing.receipt.create', document.storeId))
    list.push({
      label: t('purchasing:return.receive'),
      href: `${href}/exchange`,
      method: 'post',
      fields: { operationKey },
      icon: 'truck-loading',
      look: document.exchange ? 'primary' : 'plain',
    });
  return list;
}

function stateNotices({ t, f }: ReturnCtx, document: ReturnView): Message[] {
  const notices: Message[] = [];
  if (document.state === 'reversed')
    notices.push({
      tone: 'hold',
      title: t('purchasing:receipt.wasReversed', { number: document.reversalNumber ?? '' }),
      text: t('purchasing:receipt.reversedBecause', {
        at: f.dateTime(document.reversedAt),
        reason: document.reversalReason ?? '',
      }),
    });
  if (document.foreignPieces > 0)
    notices.push({
      tone: 'hold',
      title: t('purchasing:return.hasForeign', {
        count: f.number(document.foreignPieces),
        supplier: document.supplierName,
      }),
    });
  if (document.exchange && document.openPieces > 0)
    notices.push({ tone: 'way', title: t('purchasing:return.waits', { count: f.number(document.openPieces) }) });
  return notices;
}

function scanPanel({ t }: ReturnCtx, { document, deviceCount, pasted }: ReturnPageInput): ScanPanel {
  const href = returnHref(document.id);
  return {
    title: t('purchasing:scan.title'),
    say: t('purchasing:return.scan.say', { supplier: document.supplierName }),
    endpoint: `${href}/scans`,
    pasteAction: `${href}/pasted`,
    camera: true,
    ...(pasted === undefined ? {} : { pasted }),
    tally: { right: deviceCount, double: 0, wrong: 0 },
    log: [],
    refresh: '#document-head, #lines, #devices, #money',
  };
}

function addLine({ t }: ReturnCtx, { document, operationKey, typed }: ReturnPageInput): DocumentPage['addLine'] {
  return {
    action: `${returnHref(document.id)}/lines`,
    operationKey: `${operationKey}-line`,
    suggestions: '/purchasing/returns/skus',
    fields: goodsFields(
      { t },
      document,
      (name) => typed?.values[name] ?? '',
      (name) => typed?.problems[name],
    ),
  };
}

function facts({ t, f, can }: ReturnCtx, document: ReturnView): Facts {
  return {
    facts: [
      {
        label: t('purchasing:receipt.supplier'),
        value: document.supplierName,
        ...(can('purchasing.supplier.view') ? { href: `/purchasing/suppliers/${document.supplierId}` } : {}),
      },
      { label: t('purchasing:return.place'), value: `${document.storeName} ${document.locationName}` },
      { label: t('purchasing:receipt.businessDate'), value: f.date(document.businessDate) },
      { label: t('purchasing:return.reason'), value: document.reason },
      {
        label: t('purchasing:return.settle'),
        value: t(document.exchange ? 'purchasing:return.byExchange' : 'purchasing:return.byMoney'),
      },
      { label: t('purchasing:return.by'), value: document.createdByName },
      ...(document.state === 'posted'
        ? [
            {
              label: t('purchasing:return.creditNoteNumber'),
              value:
                document.creditNoteNumber === null
                  ? t('purchasing:return.noCreditNote')
                  : `${document.creditNoteNumber} · ${f.date(document.creditNoteOn)}`,
            },
          ]
        : []),
      ...(document.note ? [{ label: t('purchasing:receipt.note'), value: document.note }] : []),
    ],
  };
}

function moneyFacts({ t, f }: ReturnCtx, { grossFen, taxFen, costFen }: NonNullable<ReturnView['money']>): Facts {
  return {
    money: true,
    facts: [
      { label: t('purchasing:receipt.net'), value: f.money(grossFen - taxFen) },
      { label: t('purchasing:receipt.tax'), value: f.money(taxFen) },
      { label: t('purchasing:return.agreed'), value: f.moneyYuan(grossFen), strong: true },
      ...(costFen === null
        ? []
        : [
            { label: t('purchasing:return.cost'), value: f.money(costFen) },
            { label: t('purchasing:return.difference'), value: f.moneySigned(grossFen - taxFen - costFen) },
          ]),
    ],
  };
}

function related(ctx: ReturnCtx, document: ReturnView): RelatedDocuments {
  const { t, f } = ctx;
  const receipts = new Map(document.replacements.map((one) => [one.receiptId, one]));
  return {
    documents: [
      ...[...receipts.values()].map(({ receiptId, number, state, businessDate }) => ({
        number,
        icon: 'truck-loading' as const,
        say: t('purchasing:return.replacement', { date: f.date(businessDate) }),
        state: receiptState(ctx, state),
        ...(ctx.can('purchasing.receipt.view') ? { href: receiptHref(receiptId) } : {}),
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
