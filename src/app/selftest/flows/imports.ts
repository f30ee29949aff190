import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { skusByCodes } from '../../../modules/catalog';
import { importersOf, importFile, type ImportFileResult } from '../../import-file';
import { type Bench, type SelfTestFlow, stock, stockOf, words } from '../bench';
import { imei } from './goods';
import { loginOf } from './master-data';

const PRODUCTS = `商品编码,商品名称,品牌,分类,管理方式,零售价
ST-IMPORT-PHONE,自检导入手机,自检,手机,串号,2260.00
ST-IMPORT-CASE,自检导入保护壳,自检,配件,数量,22.60
`;
const WRONG = `商品编码,商品名称,品牌,分类,管理方式,零售价
ST-WRONG-1,自检导入一,自检,配件,数量,10.00
ST-WRONG-2,自检导入二,自检,配件,数量,很多
`;
const STOCK = `商品编码,门店,串号,数量,成本
ST-IMPORT-PHONE,ST01,${imei(11)},1,2000.00
ST-IMPORT-PHONE,ST01,${imei(12)},1,2000.00
ST-IMPORT-CASE,ST01,,20,5.00
`;

/** Files as a shop brings them, with the rights of a buyer and of an accountant. */
export const imports: SelfTestFlow = {
  id: 'imports',
  run: async (bench) => {
    const { services, expect } = bench;
    const wrong = await bring(bench, 'catalog.products', 'buyer', WRONG);
    expect('wrong-row', words('step.wrongRow'), wrong.problems.map(({ line }) => line).join(), '3');
    const none = await skusByCodes(services.database.read, ['ST-WRONG-1']);
    expect('nothing-written', words('step.nothingWritten'), none.size, 0);
    const products = await bring(bench, 'catalog.products', 'buyer', PRODUCTS);
    expect('products', words('step.productsImported'), reasonOf(products) ?? products.rows, 2);
    const goods = await bring(bench, 'inventory.opening', 'accountant', STOCK);
    expect('stock-rows', words('step.stockImported'), reasonOf(goods) ?? goods.rows, 3);
    const skus = await skusByCodes(services.database.read, ['ST-IMPORT-PHONE', 'ST-IMPORT-CASE']);
    const stockAt = (code: string): Promise<string> => stockOf(services, skus.get(code)?.id ?? 0);
    expect('handsets', words('step.importedHandsets'), await stockAt('ST-IMPORT-PHONE'), stock(2, 400_000));
    expect('goods', words('step.importedGoods'), await stockAt('ST-IMPORT-CASE'), stock(20, 10_000));
  },
};

async function bring(
  { services, folder, t }: Bench,
  kind: string,
  role: string,
  rows: string,
): Promise<ImportFileResult> {
  const file = path.join(folder, `${kind}.csv`);
  writeFileSync(file, rows);
  const importer = (await importersOf(services)).find(({ id }) => id === kind);
  if (!importer) throw new Error(`no importer ${kind}`);
  const login = loginOf(role);
  const asked = { sheet: undefined, headerRow: undefined, mapping: {}, dryRun: false, store: undefined };
  return importFile(services, { importer, file, login, ...asked }, { t, onProgress: () => undefined });
}

/** Why a file was not taken; undefined when it was. */
function reasonOf({ ok, failure, problems }: ImportFileResult): string | undefined {
  if (ok) return undefined;
  return failure ?? problems.map(({ line, message }) => `${line}: ${message}`).join('; ');
}
