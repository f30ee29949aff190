export { exportAction, exportReply } from './list-export';
export {
  type Cursor,
  type Direction,
  keyset,
  type ListPage,
  type ListQuery,
  type ListSpec,
  listHref,
  pageOf,
  readListQuery,
  type Sort,
  sortLink,
  withoutCostSorts,
} from './list-query';
export { stateTabs, sumByState } from './state-tabs';
