export { customer, type CustomerRow } from './store/customer.table';
export { type CustomerCard, customersByIds } from './queries/customers';
