/** What a file of products may bring, and the words of its header that mean it. */
export const PRODUCT_COLUMNS: readonly { key: string; required: boolean; aliases: readonly string[] }[] = [
  {
    key: 'code',
    required: false,
    aliases: ['商品编码', '编码', '货号', '商品编号', 'SKU', 'SKU编码', 'sku code', 'item code'],
  },
  {
    key: 'name',
    required: true,
    aliases: ['商品名称', '名称', '品名', '机型', '商品', 'product', 'product name', 'model name'],
  },
  { key: 'brand', required: true, aliases: ['品牌', '品牌名称', 'brand', 'brand name', 'make'] },
  { key: 'category', required: true, aliases: ['分类', '商品分类', '类别', '品类', 'category', 'product category'] },
  { key: 'model', required: false, aliases: ['型号', '厂家型号', 'model number', 'model no', 'model'] },
  {
    key: 'memory',
    required: false,
    aliases: ['内存', '容量', '存储', '内存容量', '版本', 'memory', 'storage', 'capacity'],
  },
  { key: 'colour', required: false, aliases: ['颜色', 'colour', 'color'] },
  { key: 'network', required: false, aliases: ['制式', '网络', '网络制式', 'network'] },
  { key: 'variant', required: false, aliases: ['其他区分', '其他规格', '规格', 'other difference', 'variant'] },
  { key: 'tracking', required: false, aliases: ['管理方式', '库存管理', 'tracking'] },
  {
    key: 'barcode',
    required: false,
    aliases: ['条码', '商品条码', '69码', '条形码', 'barcode', 'barcodes', 'EAN', 'GTIN'],
  },
  {
    key: 'price',
    required: false,
    aliases: ['零售价', '标准零售价', '售价', '价格', '销售价', 'price', 'retail price'],
  },
  { key: 'floor', required: false, aliases: ['最低价', '最低售价', '底价', 'floor price', 'minimum price', 'floor'] },
  { key: 'taxRate', required: false, aliases: ['税率', 'tax rate', 'tax', 'vat'] },
  {
    key: 'warranty',
    required: false,
    aliases: ['保修月数', '保修期', '质保', '厂家保修', 'warranty', 'warranty months'],
  },
];
