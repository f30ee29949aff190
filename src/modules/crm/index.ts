export { customer, type CustomerRow } from './store/customer.table';
export { type Gender } from './domain/customer';
export { type CustomerCard, customersByIds, findCustomerByPhone, searchCustomers } from './queries/customers';
export { createCustomer, type CustomerCommand, ensureCustomer } from './use-cases/save-customer';
