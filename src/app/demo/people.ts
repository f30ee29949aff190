export const STORES: readonly { code: string; name: string; kind: 'store' | 'warehouse'; weight: number }[] = [
  { code: 'NJ01', name: '南京新街口店', kind: 'store', weight: 10 },
  { code: 'NJ02', name: '南京河西店', kind: 'store', weight: 7 },
  { code: 'SZ01', name: '苏州观前店', kind: 'store', weight: 8 },
  { code: 'WX01', name: '无锡三阳店', kind: 'store', weight: 6 },
  { code: 'CZ01', name: '常州南大街店', kind: 'store', weight: 5 },
];

export const SUPPLIERS: readonly {
  name: string;
  /** One of the words that come with the product. */
  category: string;
  contact: string;
  phone: string;
  paymentDays: number;
  /** From the order until the goods are there. */
  leadDays: number;
  address: string;
  taxNumber: string;
  brands: readonly string[];
}[] = [
  {
    name: '深圳华盛通讯',
    category: '省代',
    leadDays: 3,
    address: '深圳市福田区华强北路 1001 号',
    taxNumber: '91440300MA5DEMO01X',
    contact: '林志强',
    phone: '13500000001',
    paymentDays: 30,
    brands: ['小米', 'OPPO', 'vivo', '荣耀'],
  },
  {
    name: '江苏苏果通信',
    category: '国代',
    leadDays: 2,
    address: '南京市玄武区珠江路 88 号',
    taxNumber: '91320102MA1DEMO02X',
    contact: '陈丽',
    phone: '13500000002',
    paymentDays: 15,
    brands: ['Apple'],
  },
  {
    name: '南京鼎联数码',
    category: '省代',
    leadDays: 2,
    address: '南京市鼓楼区中山北路 26 号',
    taxNumber: '91320106MA1DEMO03X',
    contact: '赵明',
    phone: '13500000003',
    paymentDays: 30,
    brands: ['华为'],
  },
  {
    name: '义乌通达配件',
    category: '配件商',
    leadDays: 5,
    address: '义乌市稠州北路 699 号',
    taxNumber: '91330782MA2DEMO04X',
    contact: '周建',
    phone: '13500000004',
    paymentDays: 45,
    brands: ['通用'],
  },
  {
    name: '南京旧机通二手批发',
    category: '其他',
    leadDays: 1,
    address: '南京市雨花台区大明路 12 号',
    taxNumber: '91320114MA1DEMO05X',
    contact: '郭建国',
    phone: '13500000005',
    paymentDays: 7,
    brands: [],
  },
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
