import type { Route } from '../../../platform/http';
import { supplierContactRoutes } from './supplier-contacts.routes';
import { supplierInvoiceRoutes } from './all-invoice.routes';
import { bankPaymentRoutes } from './bank-payments.routes';
import { supplierBankRoutes } from './supplier-bank.routes';
import { consignmentActionRoutes } from './consignment-actions.routes';
import { consignmentListRoutes } from './consignment-list.routes';
import { consignmentMoveRoutes } from './consignment-moves.routes';
import { consignmentReceiptRoutes } from './consignment-receipt.routes';
import { consignmentSettlementRoutes } from './consignment-settlement.routes';
import { onOrderRoutes } from './on-order.routes';
import { orderActionRoutes } from './order-actions.routes';
import { orderLineRoutes } from './order-lines.routes';
import { orderListRoutes } from './order-list.routes';
import { orderRoutes } from './order.routes';
import { packingRoutes } from './packing.routes';
import { protectionActionRoutes } from './protection-actions.routes';
import { protectionLineRoutes } from './protection-lines.routes';
import { protectionListRoutes } from './protection-list.routes';
import { protectionMoneyRoutes } from './protection-money.routes';
import { protectionRoutes } from './protection.routes';
import { protectionScanRoutes } from './protection-scan.routes';
import { rebateFormRoutes } from './rebate-form.routes';
import { rebateListRoutes } from './rebate-list.routes';
import { rebateRoutes } from './rebate.routes';
import { receiptDeviceRoutes } from './receipt-devices.routes';
import { receiptActionRoutes } from './receipt-actions.routes';
import { receiptAttachmentRoutes } from './receipt-attachments.routes';
import { receiptListRoutes } from './receipt-list.routes';
import { receiptLineRoutes } from './receipt-lines.routes';
import { receiptRoutes } from './receipt.routes';
import { requisitionActionRoutes } from './requisition-actions.routes';
import { requisitionLineRoutes } from './requisition-lines.routes';
import { requisitionListRoutes } from './requisition-list.routes';
import { requisitionRoutes } from './requisition.routes';
import { returnActionRoutes } from './return-actions.routes';
import { returnLineRoutes } from './return-lines.routes';
import { returnListRoutes } from './return-list.routes';
import { returnScanRoutes } from './return-scan.routes';
import { returnRoutes } from './return.routes';
import { scanRoutes } from './scan.routes';
import { scorecardRoutes } from './scorecard.routes';
import { supplierPriceRoutes } from './supplier-prices.routes';
import { replenishmentRoutes } from './replenishment.routes';
import { ruleRoutes } from './rule.routes';
import { supplierRoutes } from './supplier.routes';
import { takeLinesRoutes } from './take-lines.routes';
import { wishRoutes } from './wishes.routes';

/** Every address of the module, in the order in which they are tried. */
export const purchasingRoutes: readonly Route[] = [
  ...supplierRoutes,
  ...supplierContactRoutes,
  ...supplierBankRoutes,
  ...bankPaymentRoutes,
  ...supplierPriceRoutes,
  // The list's own addresses (….xlsx, …/new) stand before …/:id.
  ...receiptListRoutes,
  ...receiptRoutes,
  ...receiptActionRoutes,
  ...receiptLineRoutes,
  ...scanRoutes,
  ...receiptDeviceRoutes,
  ...receiptAttachmentRoutes,
  ...packingRoutes,
  ...orderListRoutes,
  ...orderRoutes,
  ...orderActionRoutes,
  ...orderLineRoutes,
  ...takeLinesRoutes,
  ...onOrderRoutes,
  ...requisitionListRoutes,
  ...requisitionRoutes,
  ...requisitionActionRoutes,
  ...requisitionLineRoutes,
  ...wishRoutes,
  ...scorecardRoutes,
  // ….xlsx, …/new and …/skus stand before …/:id.
  ...returnListRoutes,
  ...returnLineRoutes,
  ...returnScanRoutes,
  ...returnRoutes,
  ...returnActionRoutes,
  // ….xlsx and …/new stand before …/:id.
  ...consignmentListRoutes,
  ...consignmentReceiptRoutes,
  ...consignmentSettlementRoutes,
  ...consignmentMoveRoutes,
  ...consignmentActionRoutes,
  ...supplierInvoiceRoutes,
  // ….xlsx, …/open, …/skus and …/new stand before …/:id.
  ...protectionListRoutes,
  ...protectionLineRoutes,
  ...protectionScanRoutes,
  ...protectionRoutes,
  ...protectionActionRoutes,
  ...protectionMoneyRoutes,
  // …/new stands before …/:id.
  ...rebateListRoutes,
  ...rebateFormRoutes,
  ...rebateRoutes,
  // …/rules stands before …/:id.
  ...ruleRoutes,
  ...replenishmentRoutes,
];
