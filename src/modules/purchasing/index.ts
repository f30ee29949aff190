export { receipt, receiptDevice, receiptLine } from './store/receipt.table';
export { addSupplier, type SupplierCommand } from './use-cases/save-supplier';
export { createReceipt, type CreateReceipt, type ReceiptCreated } from './use-cases/create-receipt';
export { addReceiptLines, type AddLines, type NewLine } from './use-cases/add-receipt-lines';
export { scanIntoReceipt, type ScanAnswer, type ScanCommand } from './use-cases/scan-into-receipt';
export { readPaste, readScan } from './domain/read-scans';
export { pasteIntoReceipt, type PasteCommand, PasteRefused, type PasteResult } from './use-cases/paste-into-receipt';
export { postReceipt, type PostReceipt, type ReceiptPosted } from './use-cases/post-receipt';
export { reverseReceipt, type ReverseReceipt } from './use-cases/reverse-receipt';
export { receiveOrder, type ReceiveOrder, takeOrderLines } from './use-cases/take-order-lines';
export { closeOrder } from './use-cases/end-order';
export { claimAlertDays } from './queries/parameters';
export { type OnOrder, onOrder } from './queries/on-order';
export { placeOrder, type PlaceOrder } from './use-cases/place-order';
export {
  approveOrder,
  type DecideOrder,
  type OrderDecided,
  sendBackOrder,
  submitOrder,
} from './use-cases/decide-order';
export {
  type GoodsRequested,
  type RequestedLine,
  type RequestGoods,
  request,
  requestGoods,
} from './use-cases/request-goods';
export { receive, receiveGoods, type ReceivedLine, type ReceiveGoods } from './use-cases/receive-goods';
export { createReturn, type CreateReturn } from './use-cases/save-return';
export { readReturnPaste, readReturnScan, scanIntoReturn } from './use-cases/scan-into-return';
export { addReturnLine } from './use-cases/return-lines';
export { postReturn } from './use-cases/post-return';
export { receiveExchange } from './use-cases/receive-exchange';
export { reverseReturn } from './use-cases/reverse-return';
export { supplierInvoice } from './store/invoice.table';
export { createInvoice, type CreateInvoice } from './use-cases/save-invoice';
export { addOtherLine, changeInvoiceLines, takeReceived } from './use-cases/invoice-lines';
export { approveInvoice, submitInvoice, withdrawInvoice } from './use-cases/decide-invoice';
export { postInvoice } from './use-cases/post-invoice';
export { reverseInvoice } from './use-cases/reverse-invoice';
export { stockNeeds } from './use-cases/compute-replenishment';
export { EDIT_REQUISITIONS } from './use-cases/save-requisition';
export { createProtection, type CreateProtection } from './use-cases/save-protection';
export { addProtectionLine } from './use-cases/protection-lines';
export { listAllProtected, scanIntoProtection } from './use-cases/list-protected';
export { submitProtection } from './use-cases/decide-protection';
export { agreeProtection } from './use-cases/agree-protection';
export { reverseProtection } from './use-cases/reverse-protection';
export { settleProtection } from './use-cases/settle-protection';
export { purchaseReturn } from './store/return.table';
export { recordCreditNote } from './use-cases/record-credit-note';
export { protection, protectionLine } from './store/protection.table';
export { rebate } from './store/rebate.table';
export { createRebate, type CreateRebate } from './use-cases/save-rebate';
export { accrueRebate, settleRebate } from './use-cases/accrue-rebate';
export { consignment } from './store/consignment.table';
export { createConsignment } from './use-cases/consignment-receipt';
export { addConsigned } from './use-cases/consignment-devices';
export { postConsignment } from './use-cases/post-consignment';
export { settleConsigned } from './use-cases/settle-consigned';
