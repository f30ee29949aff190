import type { Bucket } from '../../../ledger';

export const OPENING_COLUMNS = [
  {
    key: 'sku',
    aliases: ['商品编码', '编码', '条码', '商品条码', 'SKU', '货号', 'code', 'sku code', 'barcode'],
  },
  { key: 'name', aliases: ['商品', '商品名称', '品名', '名称', 'product', 'product name', 'name'] },
  { key: 'store', aliases: ['门店', '门店编码', '仓库', '店铺', 'store', 'store code', 'warehouse'] },
  { key: 'location', aliases: ['库位', '库位编码', 'location', 'location code', 'bin'] },
  { key: 'imei1', aliases: ['串号', '串号1', 'IMEI', 'IMEI1', 'MEID'] },
  { key: 'imei2', aliases: ['串号2', 'IMEI2'] },
  { key: 'sn', aliases: ['序列号', 'SN', 'serial', 'serial number'] },
  { key: 'state', aliases: ['状态', '库存状态', 'state', 'status'] },
  { key: 'quantity', aliases: ['数量', '库存', '库存数量', 'qty', 'quantity'] },
  { key: 'cost', aliases: ['成本', '单位成本', '成本价', '不含税成本', 'cost', 'unit cost', 'cost without tax'] },
  { key: 'costWithTax', aliases: ['含税成本', '进价', '含税进价', 'cost incl. tax', 'purchase price'] },
  { key: 'value', aliases: ['库存金额', '成本金额', '金额', 'value', 'stock value'] },
  {
    key: 'receivedOn',
    aliases: ['入库日期', '入库日', '进货日期', 'received', 'received on', 'stocked', 'date'],
  },
  { key: 'batch', aliases: ['批号', '批次', '批次号', 'batch', 'batch number', 'lot'] },
  {
    key: 'expiresOn',
    aliases: ['有效期', '有效期至', '到期日', '保质期至', 'expires', 'expires on', 'expiry', 'expiry date'],
  },
] as const;

/** How the states of stock are written in files; those of our own exports among them. */
const STATES: readonly (readonly [Bucket, readonly string[]])[] = [
  ['sellable', ['可售', '正常', '在库', 'sellable', 'in stock', 'normal']],
  ['demo', ['样机', '演示机', 'demo', 'display']],
  ['defective', ['不良', '不良品', '残次', '次品', 'defective', 'faulty']],
  ['quarantine', ['待检', '隔离', '待检隔离', 'quarantine', 'on hold']],
];

/** The bucket that a state means; undefined for states in which nothing is in stock (在途, 已售). Empty: sellable. */
export function bucketOf(text: string): Bucket | undefined {
  const word = text.normalize('NFKC').trim().toLowerCase();
  return word === '' ? 'sellable' : STATES.find(([, words]) => words.includes(word))?.[0];
}
