export {
  company,
  type CompanyRow,
  department,
  type DepartmentRow,
  location,
  type LocationRow,
  staff,
  type StaffRow,
  store,
  type StoreKind,
  type StoreRow,
} from './store/organization.table';
export {
  defaultLocation,
  getCompany,
  getLocation,
  getStore,
  listStores,
  locationsByIds,
  locationsOf,
  storesByIds,
} from './queries/stores';
export { listDepartments, listStaff, staffByIds } from './queries/staff';
export { addStore, createStore, type StoreCommand, type StoreCreated } from './use-cases/create-store';
