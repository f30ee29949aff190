export { EXPORT_ROW_LIMIT, exportReply } from './list-export';
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
  sortOf,
} from './list-query';
