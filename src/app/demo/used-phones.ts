import type { PhoneModel } from './phone-model';

/** What people sold to the dealer that the sample company buys used phones from; the price is that of one in good order. */
export const USED_PHONES: readonly PhoneModel[] = [
  {
    brand: 'Apple',
    name: 'iPhone 15 Pro（二手）',
    tac: '35209991',
    variants: [['256G', 4599]],
    colours: ['原色钛金属', '蓝色钛金属'],
    costPercent: 68,
    weight: 3,
  },
  {
    brand: 'Apple',
    name: 'iPhone 14（二手）',
    tac: '35209992',
    variants: [['128G', 2499]],
    colours: ['午夜色'],
    costPercent: 66,
    weight: 3,
  },
  {
    brand: '华为',
    name: 'Mate 60 Pro（二手）',
    tac: '86209993',
    variants: [['512G', 3899]],
    colours: ['雅川青'],
    costPercent: 69,
    weight: 2,
  },
];
