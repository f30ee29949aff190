import { addColumn, col, migration } from '../src/platform/database/portable';

/**
 * Price lists of a channel, a member level, some days; the level of a customer; the channels of a till; whether a floor that
 * was gone below came from the cost. Channels and levels are records of the configuration, which are never deleted: no keys.
 */
export default migration('0029-price-strategies', [
  addColumn('price_list', 'channelId', col.id().nullable()),
  addColumn('price_list', 'levelId', col.id().nullable()),
  addColumn('price_list', 'fromOn', col.date().nullable()),
  addColumn('price_list', 'untilOn', col.date().nullable()),
  addColumn('customer', 'levelId', col.id().nullable()),
  addColumn('register', 'channelIds', col.json().nullable()),
  addColumn('sale_approval', 'floorFromCost', col.bool().nullable()),
]);
