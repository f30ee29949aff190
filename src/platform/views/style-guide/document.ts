import type {
  Attachments,
  Confirm,
  Facts,
  PageHead,
  RelatedDocuments,
  ScanPanel,
  StepBar,
  Table,
  Timeline,
} from '../index';
import { stateLabel } from '../states';
import type { Say } from './say';

export interface SampleDocument {
  head: PageHead;
  steps: StepBar;
  scan: ScanPanel;
  lines: Table;
  facts: Facts;
  money: Facts;
  related: RelatedDocuments;
  timeline: Timeline;
  attachments: Attachments;
}

const LINES = [
  { name: '小米 17 12+512G 雪山粉', code: 'XM17-512-PK', ordered: 20, before: 0, now: 18, priceFen: 392000 },
  { name: '小米 17 12+512G 黑色', code: 'XM17-512-BK', ordered: 10, before: 0, now: 10, priceFen: 392000 },
  { name: 'REDMI Note 15 Pro 8+256G 蓝', code: 'RN15P-256-BL', ordered: 20, before: 8, now: 12, priceFen: 121000 },
  { name: 'OPPO Find X9 12+256G 白', code: 'FX9-256-WH', ordered: 6, before: 0, now: 6, priceFen: 368000 },
  { name: 'vivo X300 16+512G 幸运彩', code: 'X300-512-LU', ordered: 12, before: 0, now: 0, priceFen: 415000 },
];

function lines({ say, t, f }: Say): Table {
  const missing = (count: number) =>
    count > 0
      ? { state: { tone: 'hold' as const, text: say('document.missing', { count }) } }
      : { state: { tone: 'ok' as const, text: say('document.complete') } };
  const sum = (value: (line: (typeof LINES)[number]) => number) => LINES.reduce((total, line) => total + value(line), 0);
  return {
    id: 'lines',
    caption: t('common:document.lines'),
    columns: [
      { key: 'product', label: say('list.product'), card: 'title' },
      { key: 'ordered', label: say('document.ordered'), num: true, card: 'number' },
      { key: 'before', label: say('document.before'), num: true, card: 'hide' },
      { key: 'now', label: say('document.now'), num: true, card: 'number' },
      { key: 'missing', label: say('document.difference'), card: 'state' },
      { key: 'price', label: say('document.price'), num: true, card: 'hide' },
      { key: 'amount', label: say('document.amount'), num: true, card: 'number' },
    ],
    rows: LINES.map((line, index) => ({
      id: line.code,
      selected: index === 0,
      cells: [
        { text: line.name, sub: line.code, strong: true },
        f.number(line.ordered),
        f.number(line.before),
        { text: f.number(line.now), strong: true },
        missing(line.ordered - line.before - line.now),
        f.money(line.priceFen),
        f.money(line.priceFen * line.now),
      ],
    })),
    totals: [
      { text: t('common:total') },
      f.number(sum((line) => line.ordered)),
      f.number(sum((line) => line.before)),
      f.number(sum((line) => line.now)),
      missing(sum((line) => line.ordered - line.before - line.now)),
      null,
      f.money(sum((line) => line.priceFen * line.now)),
    ],
  };
}

export function sampleScan({ say, f }: Say): ScanPanel {
  const name = '小米 17 12+512G 雪山粉';
  return {
    title: say('document.scan'),
    say: say('document.scanSay'),
    endpoint: '/style-guide/scans',
    pasteAction: '#paste',
    fileAction: '#file',
    camera: true,
    last: { outcome: 'wrong', text: say('document.lastInStock') },
    tally: { right: 46, double: 2, wrong: 3 },
    progress: { label: say('document.received'), done: 46, total: 60 },
    log: [
      {
        outcome: 'wrong',
        code: '352099001761481',
        text: say('document.inStock'),
        link: { href: '#device', label: say('document.seeDevice') },
        at: '15:58:21',
      },
      { outcome: 'right', code: '867421063138663', text: name, at: '15:58:19' },
      { outcome: 'double', code: '867421063138580', text: say('document.double', { count: f.number(44) }), at: '15:58:16' },
      { outcome: 'right', code: '867421063138580', text: name, at: '15:58:15' },
      { outcome: 'wrong', code: '867421063138410', text: say('document.checkDigit'), at: '15:58:12' },
      { outcome: 'right', code: '867421063138408', text: name, at: '15:58:10' },
    ],
  };
}

/** A receipt half received. */
export function sampleDocument(voice: Say): SampleDocument {
  const { say, t, f } = voice;
  return {
    head: {
      crumbs: [
        { label: say('document.purchasing'), href: '#purchasing' },
        { label: say('document.receipts'), href: '#receipts' },
      ],
      title: 'RK261122-NJ01-0007',
      state: { tone: 'hold', text: say('document.receiving') },
      say: say('document.say'),
      actions: [
        { look: 'quiet', icon: 'printer', label: t('common:action.print'), href: '#print' },
        { label: t('common:action.saveDraft'), href: '#save' },
        { look: 'primary', icon: 'check', label: say('document.post', { count: 46 }), href: '#post' },
      ],
    },
    steps: {
      steps: [
        { label: say('document.order'), fact: '11-18', state: 'done' },
        { label: say('document.scanning'), fact: '46 / 60', state: 'now' },
        { label: say('document.posting'), state: 'later' },
        { label: say('document.invoice'), state: 'later' },
        { label: say('document.payment'), state: 'later' },
      ],
    },
    scan: sampleScan(voice),
    lines: lines(voice),
    facts: {
      facts: [
        { label: say('document.supplier'), value: '深圳华盛通讯', href: '#supplier' },
        { label: say('document.businessDate'), value: f.date('2026-11-22') },
        { label: say('document.deliveryNote'), value: 'HS-2211-087' },
        { label: say('document.overReceipt'), value: say('units', { count: 0 }) },
        { label: say('document.invoiceState'), value: say('document.invoiceLater') },
      ],
    },
    money: {
      money: true,
      facts: [
        { label: say('document.net'), value: f.money(12952213) },
        { label: say('document.tax'), value: f.money(1683787) },
        { label: say('document.gross'), value: f.moneyYuan(14636000), strong: true },
      ],
    },
    related: {
      documents: [
        {
          number: 'CG261118-NJ01-0003',
          href: '#order',
          icon: 'file-text',
          say: `${say('document.order')} · ${f.moneyYuan(21368000)}`,
          state: { tone: 'way', text: say('document.partly') },
        },
        {
          number: 'RK261120-NJ01-0002',
          href: '#receipt',
          icon: 'truck-loading',
          say: `${say('document.receipts')} · ${say('units', { count: 8 })}`,
          state: stateLabel(t, 'posted'),
        },
        { number: say('document.supplierInvoice'), icon: 'file-invoice', say: say('document.afterPosting') },
      ],
    },
    timeline: {
      entries: [
        { who: '吴强', what: say('document.scanned', { count: 46 }), at: `${f.date('2026-11-22')} 15:58`, now: true },
        { who: '吴强', what: say('document.fromOrder'), at: `${f.date('2026-11-22')} 15:32` },
        { who: '周敏', what: say('document.approved', { limit: f.moneyYuan(30000000) }), at: `${f.date('2026-11-18')} 17:05` },
        { who: '赵倩', what: say('document.orderMade'), at: `${f.date('2026-11-18')} 16:40` },
      ],
    },
    attachments: {
      files: [
        { name: '送货单 HS-2211-087.pdf', href: '#file', say: `${f.fileSize(248_000)} · 吴强`, removeHref: '/style-guide/confirm' },
      ],
      upload: { action: '#upload', accept: 'image/*,.pdf,.xlsx', hint: say('document.uploadHint') },
    },
  };
}

export function sampleConfirm({ say }: Say): Confirm {
  return {
    title: say('confirm.title'),
    effects: [say('confirm.effect1'), say('confirm.effect2'), say('confirm.effect3')],
    action: '#reverse',
    verb: say('confirm.verb'),
    danger: true,
    cancelHref: '/style-guide',
    reason: { name: 'reason', label: say('confirm.reason'), type: 'textarea', rows: 2, required: true, maxlength: 200 },
  };
}
