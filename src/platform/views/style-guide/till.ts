import type { CellParts, Facts } from '../index';
import type { IconName } from '../icon-names';
import type { Say } from './say';

export interface SampleSale {
  store: string;
  strip: string[];
  holds: { label: string; note: string; time: string }[];
  bound: string;
  lines: { name: string; imei?: string; sub: string; stock?: string; gift?: boolean; priceFen: number; offFen: number }[];
  tenders: { label: string; icon: IconName; used: boolean }[];
  paid: { label: string; sub: string; imei?: string; fen: number }[];
  why: { facts: Facts; used: string[]; unused: string[] };
  keys: { key: string; label: string }[];
  listFen: number;
  offFen: number;
  cashDueFen: number;
  cashFen: number;
}

/** One sale with a handset, accessories, a gift, and four ways of paying. */
export function sampleSale({ say, f }: Say): SampleSale {
  return {
    store: '南京新街口店',
    strip: [say('till.register'), say('till.shift')],
    holds: [
      { label: '陈先生', note: say('till.held', { count: 4, amount: f.moneyYuan(659800) }), time: '15:41' },
      { label: say('till.walkIn'), note: say('till.held', { count: 1, amount: f.moneyYuan(9900) }), time: '15:20' },
    ],
    bound: '867421063138408',
    lines: [
      {
        name: '小米 17 12+512G 雪山粉',
        imei: '867421063138408',
        sub: '',
        stock: say('till.sellable'),
        priceFen: 479900,
        offFen: 30000,
      },
      { name: '67W 氮化镓充电器', sub: say('till.accessory', { code: 'PJ-0671' }), priceFen: 12900, offFen: 3000 },
      { name: '碎屏险 1 年', sub: say('till.service'), priceFen: 19900, offFen: 0 },
      { name: '钢化膜 小米 17', sub: say('till.accessory', { code: 'PJ-1170' }), gift: true, priceFen: 3900, offFen: 3900 },
    ],
    tenders: [
      { label: say('till.cash'), icon: 'cash', used: true },
      { label: say('till.wechat'), icon: 'brand-wechat', used: true },
      { label: say('till.alipay'), icon: 'brand-alipay', used: false },
      { label: say('till.subsidy'), icon: 'building-bank', used: true },
      { label: say('till.tradeIn'), icon: 'recycle', used: true },
    ],
    paid: [
      { label: say('till.subsidyRule'), sub: say('till.evidence'), fen: 50000 },
      { label: say('till.tradeIn'), sub: '红米 K60', imei: '864018062245177', fen: 86000 },
      { label: say('till.wechat'), sub: say('till.arrived'), fen: 300000 },
    ],
    why: {
      facts: {
        money: true,
        facts: [
          { label: say('till.listPrice'), value: f.money(479900) },
          { label: say('till.memberPrice'), value: f.money(-10000) },
          { label: say('till.weekend'), value: f.money(-20000) },
          { label: say('till.dealPrice'), value: f.money(449900), strong: true },
        ],
      },
      used: [say('till.used1'), say('till.used2')],
      unused: [say('till.unused1'), say('till.unused2')],
    },
    keys: ['F1', 'F2', 'F3', 'F4', 'F5', 'F6', 'F7', 'F8', 'F9', 'F10', 'Del', 'Esc'].map((key) => ({
      key,
      label: say(`till.key.${key}`),
    })),
    listFen: 516600,
    offFen: 36900,
    cashDueFen: 43700,
    cashFen: 50000,
  };
}

export interface SampleCount {
  head: { title: string; say: string };
  last: CellParts;
  done: number;
  total: number;
  results: { count: number; label: string; tone: 'ok' | 'bad' | 'hold' | 'way'; current: boolean }[];
  lines: { name: string; imei: string; who: string }[];
}

/** A stocktake on a phone. */
export function sampleCount({ say }: Say): SampleCount {
  return {
    head: { title: say('count.title'), say: say('count.say') },
    last: { text: 'OPPO Reno14 人鱼姬', imei: '864013072208711' },
    done: 182,
    total: 221,
    results: [
      { count: 176, label: say('count.matched'), tone: 'ok', current: true },
      { count: 39, label: say('count.missing'), tone: 'bad', current: false },
      { count: 3, label: say('count.unexpected'), tone: 'hold', current: false },
      { count: 6, label: say('count.moved'), tone: 'way', current: false },
    ],
    lines: [
      { name: 'OPPO Reno14 人鱼姬', imei: '864013072208711', who: say('count.me') },
      { name: 'HUAWEI nova 14 樱语粉', imei: '867305074402178', who: `${say('count.me')} 15:58` },
      { name: '小米 15 丁香紫', imei: '867421061017331', who: '吴强 15:57' },
      { name: '小米 15 丁香紫', imei: '867421061017414', who: '吴强 15:57' },
      { name: '荣耀 400 月影白', imei: '861124066630514', who: `${say('count.me')} 15:56` },
      { name: 'iPhone 16e 黑色', imei: '352099003018823', who: '赵倩 15:55' },
    ],
  };
}
