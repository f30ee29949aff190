/**
 * What the sample company sells. Names, prices and type allocation codes are made up to look like a phone shop's; IMEIs
 * have right check digits and belong to nobody. Prices in yuan with tax; cost as a share of the price.
 */
export interface PhoneModel {
  brand: string;
  name: string;
  /** 8 digits. */
  tac: string;
  /** Memory → price in yuan. */
  variants: readonly (readonly [memory: string, priceYuan: number])[];
  colours: readonly string[];
  /** How much of the price the goods cost without tax, in percent of the net price. */
  costPercent: number;
  /** How often it sells, against the others. */
  weight: number;
}

export const PHONES: readonly PhoneModel[] = [
  {
    brand: 'Apple',
    name: 'iPhone 17 Pro Max',
    tac: '35209901',
    variants: [
      ['256G', 9999],
      ['512G', 11_999],
    ],
    colours: ['星宇橙', '深蓝色', '银色'],
    costPercent: 94,
    weight: 5,
  },
  {
    brand: 'Apple',
    name: 'iPhone 17 Pro',
    tac: '35209902',
    variants: [
      ['256G', 8999],
      ['512G', 10_999],
    ],
    colours: ['星宇橙', '银色'],
    costPercent: 94,
    weight: 6,
  },
  {
    brand: 'Apple',
    name: 'iPhone 17',
    tac: '35209903',
    variants: [
      ['256G', 5999],
      ['512G', 7999],
    ],
    colours: ['薰衣草紫', '鼠尾草绿', '黑色'],
    costPercent: 94,
    weight: 9,
  },
  {
    brand: 'Apple',
    name: 'iPhone 16',
    tac: '35209904',
    variants: [
      ['128G', 4799],
      ['256G', 5799],
    ],
    colours: ['群青色', '白色'],
    costPercent: 92,
    weight: 4,
  },
  {
    brand: 'Apple',
    name: 'iPhone 16e',
    tac: '35209905',
    variants: [['128G', 3899]],
    colours: ['黑色', '白色'],
    costPercent: 92,
    weight: 2,
  },
  {
    brand: '华为',
    name: '华为 Mate 80 Pro',
    tac: '86730501',
    variants: [
      ['12+256G', 6499],
      ['12+512G', 7499],
    ],
    colours: ['曜石黑', '雪域白', '云杉绿'],
    costPercent: 91,
    weight: 6,
  },
  {
    brand: '华为',
    name: '华为 Pura 80',
    tac: '86730502',
    variants: [
      ['12+256G', 4699],
      ['12+512G', 5199],
    ],
    colours: ['釉白', '丝绒黑'],
    costPercent: 90,
    weight: 6,
  },
  {
    brand: '华为',
    name: '华为 nova 14',
    tac: '86730503',
    variants: [
      ['8+256G', 2699],
      ['12+512G', 3299],
    ],
    colours: ['樱语粉', '羽砂黑'],
    costPercent: 88,
    weight: 6,
  },
  {
    brand: '华为',
    name: '华为 畅享 80',
    tac: '86730504',
    variants: [
      ['8+128G', 1199],
      ['8+256G', 1399],
    ],
    colours: ['天青蓝', '曜金黑'],
    costPercent: 87,
    weight: 4,
  },
  {
    brand: '小米',
    name: '小米 17 Pro Max',
    tac: '86742101',
    variants: [
      ['12+512G', 5999],
      ['16+512G', 6299],
    ],
    colours: ['冷烟紫', '森林绿'],
    costPercent: 91,
    weight: 4,
  },
  {
    brand: '小米',
    name: '小米 17',
    tac: '86742102',
    variants: [
      ['12+256G', 4499],
      ['12+512G', 4799],
    ],
    colours: ['雪山粉', '黑色', '冰融蓝'],
    costPercent: 90,
    weight: 7,
  },
  {
    brand: '小米',
    name: '小米 15',
    tac: '86742103',
    variants: [['12+256G', 3699]],
    colours: ['丁香紫', '白色'],
    costPercent: 89,
    weight: 3,
  },
  {
    brand: '小米',
    name: 'REDMI K90',
    tac: '86742104',
    variants: [
      ['12+256G', 2599],
      ['16+512G', 3199],
    ],
    colours: ['水光蓝', '星耀黑'],
    costPercent: 88,
    weight: 6,
  },
  {
    brand: '小米',
    name: 'REDMI Note 15 Pro',
    tac: '86742105',
    variants: [
      ['8+256G', 1399],
      ['12+512G', 1799],
    ],
    colours: ['云绸白', '星辉蓝'],
    costPercent: 87,
    weight: 6,
  },
  {
    brand: 'OPPO',
    name: 'OPPO Find X9',
    tac: '86401301',
    variants: [
      ['12+256G', 4399],
      ['16+512G', 4999],
    ],
    colours: ['霜白', '追光红'],
    costPercent: 90,
    weight: 4,
  },
  {
    brand: 'OPPO',
    name: 'OPPO Find X8',
    tac: '86401302',
    variants: [['12+256G', 3499]],
    colours: ['浮光白', '星野黑'],
    costPercent: 89,
    weight: 2,
  },
  {
    brand: 'OPPO',
    name: 'OPPO Reno14',
    tac: '86401303',
    variants: [
      ['12+256G', 2599],
      ['16+512G', 3199],
    ],
    colours: ['人鱼姬', '礁石黑'],
    costPercent: 88,
    weight: 5,
  },
  {
    brand: 'OPPO',
    name: 'OPPO A5 Pro',
    tac: '86401304',
    variants: [['8+256G', 1599]],
    colours: ['玉石绿', '岩石黑'],
    costPercent: 87,
    weight: 4,
  },
  {
    brand: 'vivo',
    name: 'vivo X300',
    tac: '86598401',
    variants: [
      ['12+256G', 4399],
      ['16+512G', 4999],
    ],
    colours: ['幸运彩', '纯粹黑'],
    costPercent: 90,
    weight: 4,
  },
  {
    brand: 'vivo',
    name: 'vivo S30',
    tac: '86598402',
    variants: [
      ['12+256G', 2499],
      ['12+512G', 2799],
    ],
    colours: ['可可黑', '桃桃粉'],
    costPercent: 88,
    weight: 4,
  },
  {
    brand: 'vivo',
    name: 'vivo Y300',
    tac: '86598403',
    variants: [['8+256G', 1299]],
    colours: ['雪白', '墨玉黑'],
    costPercent: 86,
    weight: 4,
  },
  {
    brand: 'vivo',
    name: 'iQOO 15',
    tac: '86598404',
    variants: [
      ['12+256G', 4199],
      ['16+512G', 4699],
    ],
    colours: ['传奇版', '曼岛'],
    costPercent: 90,
    weight: 3,
  },
  {
    brand: '荣耀',
    name: '荣耀 Magic8',
    tac: '86112401',
    variants: [
      ['12+256G', 4499],
      ['12+512G', 4799],
    ],
    colours: ['旭日金沙', '绒黑'],
    costPercent: 90,
    weight: 3,
  },
  {
    brand: '荣耀',
    name: '荣耀 400',
    tac: '86112402',
    variants: [
      ['12+256G', 2199],
      ['12+512G', 2499],
    ],
    colours: ['月影白', '幻夜黑'],
    costPercent: 88,
    weight: 4,
  },
  {
    brand: '荣耀',
    name: '荣耀 X70',
    tac: '86112403',
    variants: [['8+256G', 1599]],
    colours: ['朱颜红', '竹韵青'],
    costPercent: 87,
    weight: 3,
  },
];

export interface Goods {
  brand: string;
  name: string;
  category: '充电' | '保护' | '耳机' | '穿戴' | '存储';
  priceYuan: number;
  costPercent: number;
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
  { brand: '通用', name: '固态 U 盘 256G', category: '存储', priceYuan: 199, costPercent: 64 },
];

export const SERVICES: readonly { name: string; priceYuan: number }[] = [
  { name: '碎屏险 1 年', priceYuan: 199 },
  { name: '碎屏险 2 年', priceYuan: 299 },
  { name: '延长保修 1 年', priceYuan: 249 },
  { name: '贴膜服务', priceYuan: 20 },
  { name: '数据迁移', priceYuan: 30 },
];

export const STORES: readonly { code: string; name: string; kind: 'store' | 'warehouse'; weight: number }[] = [
  { code: 'NJ01', name: '南京新街口店', kind: 'store', weight: 10 },
  { code: 'NJ02', name: '南京河西店', kind: 'store', weight: 7 },
  { code: 'SZ01', name: '苏州观前店', kind: 'store', weight: 8 },
  { code: 'WX01', name: '无锡三阳店', kind: 'store', weight: 6 },
  { code: 'CZ01', name: '常州南大街店', kind: 'store', weight: 5 },
];

export const SUPPLIERS: readonly {
  name: string;
  contact: string;
  phone: string;
  paymentDays: number;
  brands: readonly string[];
}[] = [
  {
    name: '深圳华盛通讯',
    contact: '林志强',
    phone: '13500000001',
    paymentDays: 30,
    brands: ['小米', 'OPPO', 'vivo', '荣耀'],
  },
  { name: '江苏苏果通信', contact: '陈丽', phone: '13500000002', paymentDays: 15, brands: ['Apple'] },
  { name: '南京鼎联数码', contact: '赵明', phone: '13500000003', paymentDays: 30, brands: ['华为'] },
  { name: '义乌通达配件', contact: '周建', phone: '13500000004', paymentDays: 45, brands: ['通用'] },
];

/** Name, role, place (index of the store; null for head office), job. */
export const STAFF: readonly { name: string; login: string; role: string; store: number | null; job: string }[] = [
  { name: '孙立', login: 'sunli', role: 'owner', store: null, job: '总经理' },
  { name: '吴静', login: 'wujing', role: 'accountant', store: null, job: '会计' },
  { name: '郑凯', login: 'zhengkai', role: 'buyer', store: null, job: '采购' },
  { name: '何倩', login: 'heqian', role: 'auditor', store: null, job: '内审' },
  { name: '马超', login: 'machao', role: 'technician', store: 0, job: '维修' },
  { name: '周敏', login: 'zhoumin', role: 'manager', store: 0, job: '店长' },
  { name: '李婷', login: 'liting', role: 'cashier', store: 0, job: '收银' },
  { name: '王磊', login: 'wanglei', role: 'clerk', store: 0, job: '店员' },
  { name: '吴强', login: 'wuqiang', role: 'warehouse', store: 0, job: '库管' },
  { name: '陈晨', login: 'chenchen', role: 'manager', store: 1, job: '店长' },
  { name: '刘洋', login: 'liuyang', role: 'cashier', store: 1, job: '收银' },
  { name: '张薇', login: 'zhangwei', role: 'clerk', store: 1, job: '店员' },
  { name: '顾炎', login: 'guyan', role: 'manager', store: 2, job: '店长' },
  { name: '沈洁', login: 'shenjie', role: 'cashier', store: 2, job: '收银' },
  { name: '钱进', login: 'qianjin', role: 'clerk', store: 2, job: '店员' },
  { name: '许诺', login: 'xunuo', role: 'manager', store: 3, job: '店长' },
  { name: '徐慧', login: 'xuhui', role: 'cashier', store: 3, job: '收银' },
  { name: '蒋涛', login: 'jiangtao', role: 'manager', store: 4, job: '店长' },
  { name: '唐糖', login: 'tangtang', role: 'cashier', store: 4, job: '收银' },
  { name: '方圆', login: 'fangyuan', role: 'warehouse', store: 4, job: '库管' },
];

export const SURNAMES = [...'王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'];
export const GIVEN_NAMES = [
  '伟',
  '芳',
  '娜',
  '敏',
  '静',
  '丽',
  '强',
  '磊',
  '军',
  '洋',
  '勇',
  '艳',
  '杰',
  '涛',
  '明',
  '超',
  '秀英',
  '霞',
  '平',
  '刚',
  '桂英',
  '建国',
  '雨欣',
  '子涵',
  '浩然',
  '梓萱',
  '俊杰',
  '佳怡',
];
