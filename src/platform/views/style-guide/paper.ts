import type { SheetHead } from '../components';
import type { Say } from './say';

export interface SamplePaper {
  code: string;
  receipt: {
    number: string;
    store: string;
    cashier: string;
    lines: { name: string; imei?: string; quantity: number; fen: number; amountFen: number }[];
    totalFen: number;
    cashFen: number;
  };
  sheet: SheetHead;
  labels: { name: string; imei: string; priceFen: number; code: string }[];
}

/** `code` stands for the barcode pictures that the product draws. */
export function samplePaper({ say, f }: Say, code: string): SamplePaper {
  return {
    code,
    receipt: {
      number: 'XS261122-NJ01-0019',
      store: '南京新街口店',
      cashier: '李婷',
      lines: [
        { name: '小米 17 12+512G 雪山粉', imei: '867421063138408', quantity: 1, fen: 449900, amountFen: 449900 },
        { name: '67W 氮化镓充电器', quantity: 1, fen: 9900, amountFen: 9900 },
        { name: '碎屏险 1 年', quantity: 1, fen: 19900, amountFen: 19900 },
      ],
      totalFen: 479700,
      cashFen: 500000,
    },
    sheet: {
      company: say('company'),
      title: say('paper.receiptTitle'),
      number: 'RK261122-NJ01-0007',
      code,
      facts: [
        { label: say('document.supplier'), value: '深圳华盛通讯' },
        { label: say('document.businessDate'), value: f.date('2026-11-22') },
        { label: say('field.store'), value: '南京新街口店 前仓' },
        { label: say('document.deliveryNote'), value: 'HS-2211-087' },
      ],
    },
    labels: Array.from({ length: 9 }, (_, index) => ({
      name: index % 2 ? 'OPPO Find X8 12+256G 浮光白' : '小米 17 12+512G 雪山粉',
      imei: index % 2 ? '864013071182040' : '867421063138408',
      priceFen: index % 2 ? 349900 : 479900,
      code,
    })),
  };
}
