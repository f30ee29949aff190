import { completeImei } from '../../../src/kernel';
import { migrateSchema } from '../../../src/app/schema-state';
import { openProduct } from '../../../src/app/product';
import { postOpeningStock } from '../../../src/modules/inventory';
import { openShift, saveRegister } from '../../../src/modules/sales';
import { createUser, issueLink, role, setPasswordByLink } from '../../../src/platform/auth';
import { loadConfig } from '../../../src/platform/config';
import { openDatabase, sql } from '../../../src/platform/database';
import { silentLogger } from '../../../src/platform/logging';
import { systemActor } from '../../../src/platform/permissions';
import { sampleCatalog } from '../sample-catalog';

export const LOGIN = 'owner1';
export const PASSWORD = 'plover kettle 42';
/** A charger's and a handset's price in the sample catalog. */
export const CHARGER_FEN = 14_900;
export const HANDSET_FEN = 449_900;
const CHARGERS = 1_000_000;

export interface CrashTill {
  registerId: number;
  handsetSkuId: number;
  chargerSkuId: number;
  /** Handsets that only this till sells. */
  devices: { id: number; imei: string }[];
}

/** A shop with goods and open tills in an empty database, and somebody who may sell. `env` is the server's environment. */
export async function prepareShop(env: NodeJS.ProcessEnv, tills: number, devicesEach: number): Promise<CrashTill[]> {
  const config = loadConfig({ env });
  const database = await openDatabase(config.database.url);
  await migrateSchema(database);
  await database.close();
  const { services, close } = await openProduct(config, silentLogger());
  try {
    const { uow } = services;
    const actor = systemActor('crash test');
    const catalog = await sampleCatalog(uow);
    const [owner] = await services.database.read.find(role, { code: 'owner' });
    const grants = [{ roleId: owner?.id ?? 0, storeId: null }];
    const { userId } = await createUser(uow, actor, { login: LOGIN, name: '陈店主', locale: 'zh-CN', grants });
    const { token } = await issueLink(uow, actor, { userId });
    await setPasswordByLink(services, { address: '127.0.0.1', requestId: 'crash' }, { token, password: PASSWORD });
    const count = tills * devicesEach;
    const numbers = Array.from({ length: count }, (_, n) => completeImei(`86742107${String(n).padStart(6, '0')}`));
    const [handsetSkuId] = catalog.phoneSkuIds;
    const { storeId, locationId, chargerSkuId } = catalog;
    const common = { storeId, locationId, makerWarrantyUntil: null };
    await uow.run(actor, (unit) =>
      postOpeningStock(unit, {
        storeId,
        businessDate: unit.today,
        lines: [
          ...numbers.map((value, index) => ({
            ...common,
            lineNo: index + 1,
            skuId: handsetSkuId,
            quantity: 1,
            valueFen: 390_000 + index,
            identifiers: [{ kind: 'imei' as const, value }],
            receivedOn: unit.today,
          })),
          {
            ...common,
            lineNo: count + 1,
            skuId: chargerSkuId,
            quantity: CHARGERS,
            valueFen: CHARGERS * 5000 + 1,
            identifiers: [],
            receivedOn: unit.today,
          },
        ],
      }),
    );
    const rows = await services.database.read.all<{ id: number; value: string }>(
      sql`SELECT device_id AS id, value FROM device_identifier ORDER BY device_id`,
    );
    const shop: CrashTill[] = [];
    for (let till = 0; till < tills; till++) {
      const name = `${till + 1} 号机`;
      const fields = { id: null, storeId, code: String(till + 1), name, active: true, version: null };
      const { registerId } = await saveRegister(uow, actor, fields);
      await openShift(uow, actor, { registerId, openingFloatFen: 50_000 });
      const devices = rows.slice(till * devicesEach, (till + 1) * devicesEach);
      shop.push({
        registerId,
        handsetSkuId,
        chargerSkuId,
        devices: devices.map(({ id, value }) => ({ id: Number(id), imei: value })),
      });
    }
    return shop;
  } finally {
    await close();
  }
}
