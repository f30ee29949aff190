import type { Route } from '../../../platform/http';
import { creditNoteRoutes } from './credit-note.routes';
import { invoiceActionRoutes } from './invoice-actions.routes';
import { invoiceAttachmentRoutes } from './invoice-attachments.routes';
import { invoiceLineRoutes } from './invoice-lines.routes';
import { invoiceListRoutes } from './invoice-list.routes';
import { invoiceRoutes } from './invoice.routes';
import { uninvoicedRoutes } from './uninvoiced.routes';

/** Everything about supplier invoices; the list's own addresses (….xlsx, …/new) stand before …/:id. */
export const supplierInvoiceRoutes: readonly Route[] = [
  ...invoiceListRoutes,
  ...invoiceLineRoutes,
  ...invoiceRoutes,
  ...invoiceActionRoutes,
  ...invoiceAttachmentRoutes,
  ...creditNoteRoutes,
  ...uninvoicedRoutes,
];
