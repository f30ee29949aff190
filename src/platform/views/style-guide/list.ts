import type { Field, List, PageHead } from '../index';
import { stateLabel, type StateName } from '../states';
import type { Say } from './say';

interface SampleDevice {
  name: string;
  colour: string;
  state: StateName;
  imei: string;
  place: string;
  days: number;
  receivedOn: string;
  costFen: number;
  priceFen: number;
}

const device = (
  name: string,
  colour: string,
  state: StateName,
  imei: string,
  place: string,
  days: number,
  receivedOn: string,
  costFen: number,
  priceFen: number,
): SampleDevice => ({ name, colour, state, imei, place, days, receivedOn, costFen, priceFen });

const DEVICES: SampleDevice[] = [
  device('OPPO Find X8 12+256G', '浮光白', 'sellable', '864013071182040', '新街口店 柜台', 97, '2026-08-17', 279600, 349900),
  device('OPPO Find X8 12+256G', '星野黑', 'sellable', '864013071182461', '新街口店 柜台', 97, '2026-08-17', 291700, 349900),
  device('iPhone 16 128G', '群青色', 'defective', '352099001761481', '新街口店 不良仓', 92, '2026-08-22', 389000, 479900),
  device('HUAWEI nova 14 256G', '樱语粉', 'sellable', '867305074402178', '新街口店 前仓', 88, '2026-08-26', 221900, 269900),
  device('HUAWEI nova 14 256G', '樱语粉', 'reserved', '867305074402251', '新街口店 前仓', 88, '2026-08-26', 228100, 269900),
  device('vivo S30 12+256G', '可可黑', 'demo', '865984079021142', '新街口店 体验台', 84, '2026-08-30', 199700, 249900),
  device('OPPO Reno14 12+256G', '人鱼姬', 'sellable', '864013072208711', '新街口店 柜台', 81, '2026-09-02', 216700, 259900),
  device('OPPO Reno14 12+256G', '人鱼姬', 'inTransit', '864013072208976', '总仓 → 新街口店', 79, '2026-09-04', 213700, 259900),
  device('荣耀 400 12+256G', '月影白', 'sellable', '861124066630514', '新街口店 前仓', 76, '2026-09-07', 183300, 219900),
  device('小米 15 12+256G', '丁香紫', 'sellable', '867421061017331', '新街口店 柜台', 74, '2026-09-09', 299800, 369900),
  device('小米 15 12+256G', '丁香紫', 'sellable', '867421061017414', '新街口店 柜台', 74, '2026-09-09', 308400, 369900),
  device('HUAWEI Pura 80 256G', '釉白', 'repair', '867305075188024', '售后 金陵维修', 71, '2026-09-12', 386300, 469900),
  device('iPhone 16e 128G', '黑色', 'sellable', '352099003018823', '新街口店 柜台', 68, '2026-09-15', 320500, 389900),
  device('vivo Y300 8+256G', '雪白', 'sellable', '865984077713096', '新街口店 前仓', 66, '2026-09-17', 103800, 129900),
  device('OPPO A5 Pro 8+256G', '玉石绿', 'sellable', '864013073301184', '新街口店 前仓', 62, '2026-09-21', 129600, 159900),
];

export const sampleListHead = ({ say }: Say): PageHead => ({
  title: say('list.title'),
  say: '新街口店',
  actions: [
    { look: 'quiet', icon: 'file-spreadsheet', label: say('list.export'), href: '#export', wideOnly: true },
    { look: 'primary', icon: 'truck-loading', label: say('list.receive'), href: '#receive' },
  ],
});

const fields = (say: Say['say'], t: Say['t']): Field[] => [
  {
    name: 'state',
    label: say('list.state'),
    type: 'select',
    options: [{ value: 'sellable', label: t('common:state.sellable') }],
  },
  { name: 'receivedFrom', label: say('list.receivedFrom'), type: 'date' },
];

/** The list page of devices; `empty` shows the same card without rows, `filtered` with filters that match nothing. */
export function sampleList({ say, t, f }: Say, show: 'rows' | 'empty' | 'filtered' = 'rows'): List {
  const devices = show === 'rows' ? DEVICES : [];
  const sum = (value: (device: SampleDevice) => number) => devices.reduce((total, device) => total + value(device), 0);
  const marginFen = (one: SampleDevice) => Math.round((one.priceFen * 100) / 113) - one.costFen;
  const columns: List['table']['columns'] = [
    { key: 'product', label: say('list.product'), card: 'title' },
    { key: 'state', label: say('list.state'), card: 'state' },
    { key: 'imei', label: say('list.imei'), card: 'full' },
    { key: 'place', label: say('list.place'), card: 'full', optional: true, shown: true },
    { key: 'age', label: say('list.age'), num: true, card: 'number', sort: { href: '#age', direction: 'descending' } },
    { key: 'received', label: say('list.received'), card: 'hide', optional: true, shown: true, sort: { href: '#on' } },
    { key: 'cost', label: say('list.cost'), num: true, card: 'number', optional: true, shown: true },
    { key: 'price', label: say('list.price'), num: true, card: 'number', optional: true, shown: true },
    { key: 'margin', label: say('list.margin'), num: true, card: 'hide', optional: true, shown: true },
  ];
  return {
    ...(show === 'filtered' ? { filtered: true, clearHref: '#clear' } : {}),
    tabs: {
      label: show === 'rows' ? t('common:list.views') : `${t('common:list.views')} (${show})`,
      tabs: [
        { label: say('list.all'), href: '#all', count: 221, current: false },
        { label: t('common:state.sellable'), href: '#sellable', count: 186, current: false },
        { label: say('list.old'), href: '#old', count: devices.length, current: true },
        { label: t('common:state.inTransit'), href: '#way', count: 14, current: false },
        { label: say('list.demoAndDefective'), href: '#demo', count: 12, current: false },
      ],
      action: { label: t('common:action.saveView'), href: '#save', icon: 'device-floppy' },
    },
    filters: {
      action: '#filter',
      text: { name: 'q', value: '', label: say('list.find') },
      chips: [
        { label: say('list.old'), removeHref: '#without-age' },
        { label: '新街口店', removeHref: '#without-store' },
      ],
      fields: show === 'rows' ? fields(say, t) : [],
      columns: {
        key: `style-guide-${show}`,
        tableId: `devices-${show}`,
        columns: columns
          .filter((column) => column.optional)
          .map(({ key, label }) => ({ key, label, shown: true })),
      },
    },
    batch: {
      sumLabel: say('list.cost'),
      actions: [
        { label: say('list.transfer'), icon: 'transfer', href: '#transfer' },
        { label: say('list.reprice'), icon: 'discount', href: '#reprice' },
        { label: say('list.toDemo'), icon: 'eye', href: '#demo' },
        { label: say('list.labels'), icon: 'printer', href: '#labels' },
      ],
    },
    table: {
      id: `devices-${show}`,
      caption: say('list.title'),
      sticky: true,
      tight: true,
      pick: { name: 'deviceId' },
      columns,
      rows: devices.map((one, index) => ({
        id: index + 1,
        label: f.imei(one.imei),
        picked: [1, 3, 6].includes(index),
        sumFen: one.costFen,
        cells: [
          { text: one.name, aside: one.colour, strong: true, href: '#device' },
          { state: stateLabel(t, one.state) },
          { imei: one.imei },
          { text: one.place, muted: true },
          { text: say('list.days', { count: one.days }), tone: one.days >= 90 ? 'bad' : 'hold', strong: one.days >= 90 },
          { text: f.dayOfYear(one.receivedOn), muted: true },
          f.money(one.costFen),
          f.money(one.priceFen),
          f.money(marginFen(one)),
        ],
      })),
      totals: [
        { text: say('list.totals', { count: devices.length }) },
        null,
        null,
        null,
        null,
        null,
        f.money(sum((one) => one.costFen)),
        f.money(sum((one) => one.priceFen)),
        f.money(sum(marginFen)),
      ],
    },
    pager: {
      say: say('list.say', { count: devices.length }),
      phoneSay: say('list.phoneSay', { count: devices.length, cost: f.money(sum((one) => one.costFen)) }),
      nextHref: '#next',
      sizes: [
        { label: '15', href: '#15', current: true },
        { label: '50', href: '#50', current: false },
      ],
    },
    empty: {
      title: say('list.emptyTitle'),
      text: say('list.emptyText'),
      action: { look: 'primary', icon: 'truck-loading', label: say('list.receive'), href: '#receive' },
    },
  };
}
