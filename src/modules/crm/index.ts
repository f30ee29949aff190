export { customer, type CustomerRow } from './store/customer.table';
export { openName } from './store/customer-name';
export { type Gender } from './domain/customer';
export {
  type CustomerCard,
  customersByIds,
  findCustomerByPhone,
  levelOfCustomer,
  searchCustomers,
} from './queries/customers';
export { createCustomer, type CustomerCommand, ensureCustomer } from './use-cases/save-customer';
