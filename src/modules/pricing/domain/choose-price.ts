/** Whom a price list is for; null: for all. Dates are business dates, both included. */
export interface ListScope {
  storeId: number | null;
  channelId: number | null;
  levelId: number | null;
  fromOn: string | null;
  untilOn: string | null;
}

/** A price that some list has for a product now, with what decides among several. */
export interface OfferedPrice extends ListScope {
  listId: number;
  listName: string;
  priceFen: number;
  /** Set by hand beside the price; null: none. */
  floorFen: number | null;
}

/**
 * The more a list says about whom it is for, the earlier its price counts: by how many of member level, channel and store it
 * names; with as many, member level before channel before store; then the one that is only for some days, the later begin, the
 * earlier end; at last the newer list. A total order: two lists are never equal.
 */
export function compareLists(a: Omit<OfferedPrice, 'priceFen' | 'floorFen' | 'listName'>, b: typeof a): number {
  return (
    narrowness(b) - narrowness(a) ||
    (b.fromOn ?? '').localeCompare(a.fromOn ?? '') ||
    (a.untilOn ?? '9').localeCompare(b.untilOn ?? '9') ||
    b.listId - a.listId
  );
}

function narrowness({ storeId, channelId, levelId, fromOn, untilOn }: ListScope): number {
  const names = [levelId, channelId, storeId].map((id) => (id === null ? 0 : 1));
  const [level = 0, channel = 0, store = 0] = names;
  const isLimited = fromOn === null && untilOn === null ? 0 : 1;
  return (level + channel + store) * 16 + level * 8 + channel * 4 + store * 2 + isLimited;
}

/** The price that counts, and the others in their order, which say why it is this one. Throws on an empty list. */
export function choosePrice<P extends OfferedPrice>(offers: readonly P[]): { chosen: P; passed: P[] } {
  const [chosen, ...passed] = offers.toSorted(compareLists);
  if (!chosen) throw new RangeError('no price to choose from');
  return { chosen, passed };
}
