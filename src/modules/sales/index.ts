export { type SaleKind, type SalePosted, type SaleState, TENDER_KINDS, type TenderKind } from './domain/sale';
export { register, type RegisterRow, shift, type ShiftRow } from './store/register.table';
export { sale, saleLine, type SaleLineRow, type SaleRow, saleTender } from './store/sale.table';
export {
  type PostSaleOptions,
  postSale,
  postSaleIn,
  type SaleCommand,
  type SaleLineCommand,
} from './use-cases/post-sale';
export { type ReturnCommand, type ReturnPosted, returnSale, returnSaleIn } from './use-cases/return-sale';
export { type ReverseCommand, reverseSale } from './use-cases/reverse-sale';
export { type RegisterCommand, saveRegister } from './use-cases/registers';
export { closeShift, type CloseShiftCommand, openShift, type ShiftClosed } from './use-cases/shifts';
export { consignment, consignmentDevice } from './store/consignment.table';
export { consignDevices } from './use-cases/consign-devices';
export { takeBackConsigned } from './use-cases/take-back-consigned';
