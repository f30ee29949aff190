import { PHONES } from './phones';

export interface Goods {
  brand: string;
  name: string;
  category: '充电' | '保护' | '耳机' | '穿戴' | '存储' | '耗材';
  priceYuan: number;
  costPercent: number;
  /** Kept by batch, with a day until which it is good. */
  keeps?: Keeps;
}

export interface Keeps {
  /** From the day it comes. */
  days: number;
  /** When the very first batch expires, in days after the last day of the simulation; null: as all others. */
  firstAfterEnd: number | null;
}

const CASE_MODELS = PHONES.map(({ name }) => name);

/** Accessories: what is sold beside a phone. Films and cases exist for each model. */
export const GOODS: readonly Goods[] = [
  ...CASE_MODELS.map((name): Goods => ({
    brand: '通用',
    name: `钢化膜 ${name}`,
    category: '保护',
    priceYuan: 39,
    costPercent: 18,
  })),
  ...CASE_MODELS.map((name): Goods => ({
    brand: '通用',
    name: `液态硅胶壳 ${name}`,
    category: '保护',
    priceYuan: 69,
    costPercent: 26,
  })),
  { brand: 'Apple', name: '20W USB-C 电源适配器', category: '充电', priceYuan: 149, costPercent: 78 },
  { brand: 'Apple', name: 'MagSafe 充电器', category: '充电', priceYuan: 329, costPercent: 80 },
  { brand: 'Apple', name: 'USB-C 编织充电线 1 米', category: '充电', priceYuan: 145, costPercent: 76 },
  { brand: '小米', name: '67W 氮化镓充电器', category: '充电', priceYuan: 129, costPercent: 62 },
  { brand: '小米', name: '120W 充电套装', category: '充电', priceYuan: 199, costPercent: 66 },
  { brand: '华为', name: '66W 超级快充充电器', category: '充电', priceYuan: 149, costPercent: 66 },
  { brand: '华为', name: '100W 全能充电器', category: '充电', priceYuan: 299, costPercent: 68 },
  { brand: 'OPPO', name: '80W 超级闪充套装', category: '充电', priceYuan: 169, costPercent: 64 },
  { brand: 'vivo', name: '90W 双口闪充充电器', category: '充电', priceYuan: 199, costPercent: 64 },
  { brand: '通用', name: '充电宝 10000mAh', category: '充电', priceYuan: 99, costPercent: 55 },
  { brand: '通用', name: '充电宝 20000mAh', category: '充电', priceYuan: 159, costPercent: 56 },
  { brand: '通用', name: '车载手机支架', category: '保护', priceYuan: 59, costPercent: 35 },
  { brand: '通用', name: '手机挂绳', category: '保护', priceYuan: 29, costPercent: 25 },
  { brand: '通用', name: '数据线 USB-C 2 米', category: '充电', priceYuan: 39, costPercent: 30 },
  { brand: 'Apple', name: 'AirPods 4', category: '耳机', priceYuan: 999, costPercent: 88 },
  { brand: 'Apple', name: 'AirPods Pro 3', category: '耳机', priceYuan: 1899, costPercent: 89 },
  { brand: '华为', name: 'FreeBuds Pro 5', category: '耳机', priceYuan: 1299, costPercent: 82 },
  { brand: '华为', name: 'FreeClip 2 耳夹耳机', category: '耳机', priceYuan: 1199, costPercent: 82 },
  { brand: '小米', name: 'Buds 5 Pro', category: '耳机', priceYuan: 999, costPercent: 80 },
  { brand: 'OPPO', name: 'Enco Air5', category: '耳机', priceYuan: 249, costPercent: 74 },
  { brand: 'vivo', name: 'TWS 5', category: '耳机', priceYuan: 299, costPercent: 74 },
  { brand: '荣耀', name: '亲选 LCHSE 耳机 X8', category: '耳机', priceYuan: 159, costPercent: 70 },
  { brand: '通用', name: '有线耳机 USB-C', category: '耳机', priceYuan: 39, costPercent: 40 },
  { brand: '华为', name: 'WATCH GT 6', category: '穿戴', priceYuan: 1588, costPercent: 82 },
  { brand: '华为', name: '手环 10', category: '穿戴', priceYuan: 269, costPercent: 76 },
  { brand: '小米', name: '手环 10', category: '穿戴', priceYuan: 269, costPercent: 76 },
  { brand: '小米', name: 'Watch S4', category: '穿戴', priceYuan: 999, costPercent: 80 },
  { brand: 'Apple', name: 'Watch SE 3 表带', category: '穿戴', priceYuan: 379, costPercent: 80 },
  { brand: '通用', name: '读卡器 USB-C', category: '存储', priceYuan: 49, costPercent: 45 },
  { brand: '通用', name: '存储卡 128G', category: '存储', priceYuan: 89, costPercent: 60 },
  { brand: '通用', name: '存储卡 256G', category: '存储', priceYuan: 159, costPercent: 62 },
  {
    brand: '通用',
    name: '屏幕清洁液 60ml',
    category: '耗材',
    priceYuan: 25,
    costPercent: 28,
    keeps: { days: 720, firstAfterEnd: 18 },
  },
  {
    brand: '通用',
    name: 'UV 胶钢化膜 曲面屏',
    category: '耗材',
    priceYuan: 69,
    costPercent: 24,
    keeps: { days: 360, firstAfterEnd: 6 },
  },
  {
    brand: '通用',
    name: '纽扣电池 CR2032 两粒装',
    category: '耗材',
    priceYuan: 15,
    costPercent: 34,
    keeps: { days: 1080, firstAfterEnd: null },
  },
  {
    brand: '通用',
    name: '防水密封胶圈 通用装',
    category: '耗材',
    priceYuan: 19,
    costPercent: 30,
    keeps: { days: 540, firstAfterEnd: -3 },
  },
  { brand: '通用', name: '固态 U 盘 256G', category: '存储', priceYuan: 199, costPercent: 64 },
];

export const SERVICES: readonly { name: string; priceYuan: number }[] = [
  { name: '碎屏险 1 年', priceYuan: 199 },
  { name: '碎屏险 2 年', priceYuan: 299 },
  { name: '延长保修 1 年', priceYuan: 249 },
  { name: '贴膜服务', priceYuan: 20 },
  { name: '数据迁移', priceYuan: 30 },
];
