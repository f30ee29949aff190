export { type StoreKind } from './domain/store-kind';
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
export { CHANNELS, listChannels, requireChannel, type SalesChannel } from './queries/channels';
export { listDepartments, listStaff, staffByIds } from './queries/staff';
export { addStore, createStore, type StoreCommand, type StoreCreated } from './use-cases/create-store';
export { updateStore } from './use-cases/update-store';
export { addLocation, createLocation, type LocationCommand } from './use-cases/save-location';
export { addStaff, createStaff, type StaffCommand } from './use-cases/save-staff';
export { addDepartment, createDepartment } from './use-cases/save-department';
export { type CompanyCommand, saveCompany, writeCompany } from './use-cases/save-company';
