/** Which chapter of the manual the ? button of a page opens: the longest address that begins the page's. */
const CHAPTERS: readonly (readonly [prefix: string, chapter: string])[] = [
  ['/sales/sales', 'returns'],
  ['/sales', 'till'],
  ['/sales/consignments', 'consignment-out'],
  ['/sales/settlements', 'consignment-out'],
  ['/sales/collections', 'consignment-out'],
  ['/purchasing', 'receiving'],
  ['/purchasing/receipts/*/packing', 'packing-lists'],
  ['/purchasing/orders', 'ordering'],
  ['/purchasing/on-order', 'ordering'],
  ['/purchasing/suppliers', 'ordering'],
  ['/purchasing/scorecard', 'ordering'],
  ['/purchasing/requisitions', 'requisitions'],
  ['/purchasing/wishes', 'requisitions'],
  ['/purchasing/returns', 'purchase-returns'],
  ['/purchasing/invoices', 'supplier-invoices'],
  ['/purchasing/uninvoiced', 'supplier-invoices'],
  ['/purchasing/protections', 'price-protection'],
  ['/purchasing/rebates', 'rebates'],
  ['/purchasing/consignments', 'consignment-in'],
  ['/purchasing/replenishment', 'replenishment'],
  ['/finance', 'payments'],
  ['/imports', 'imports'],
  ['/catalog', 'catalog'],
  ['/pricing', 'catalog'],
  ['/inventory/openings', 'imports'],
  ['/inventory/transfers', 'transfers'],
  ['/inventory/changes', 'stock-changes'],
  ['/inventory/stocktakes/cycle', 'cycle-counts'],
  ['/inventory/loans', 'loans'],
  ['/inventory/builds', 'assemblies'],
  ['/inventory/loans/borrow', 'borrowing'],
  ['/inventory/numbers', 'device-numbers'],
  ['/inventory/prices', 'device-numbers'],
  ['/inventory/tests', 'device-numbers'],
  ['/inventory/devices/*/tests', 'device-numbers'],
  ['/inventory/changes/reasons', 'adjustments'],
  ['/inventory', 'stock'],
  ['/crm', 'customers'],
  ['/privacy', 'data-safety'],
  ['/reporting', 'first-start'],
  ['/reporting/stock-matrix', 'stock-reports'],
  ['/reporting/availability', 'stock-reports'],
  ['/reporting/ageing', 'stock-reports'],
  ['/reporting/batches', 'stock-reports'],
  ['/reporting/valuation', 'stock-reports'],
  ['/reporting/alerts', 'alerts'],
  ['/reporting/turnover', 'stock-reports'],
  ['/reporting/classes', 'stock-reports'],
  ['/reporting/dead-stock', 'stock-reports'],
  ['/reporting/device-profit', 'stock-reports'],
  ['/organization', 'organization'],
  ['/administration/users', 'organization'],
  ['/administration/roles', 'organization'],
  ['/administration/audit', 'data-safety'],
  ['/settings/data-safety', 'data-safety'],
  ['/administration/connection', 'command-line'],
  ['/administration/metrics', 'troubleshooting'],
  ['/administration/guides', 'troubleshooting'],
  ['/administration/contacts', 'troubleshooting'],
  ['/support', 'troubleshooting'],
  ['/administration', 'accounts'],
  ['/account', 'accounts'],
  ['/sign-in', 'accounts'],
  ['/set-password', 'accounts'],
  ['/settings/backups', 'backup'],
  ['/settings/maintenance', 'upgrade'],
  ['/settings/upgrade', 'upgrade'],
  ['/about', 'upgrade'],
  ['/settings/notifications', 'notifications'],
  ['/settings', 'configuration'],
  ['/certificate', 'installation'],
  ['/search', 'stock'],
];

export function helpHref(path: string): string {
  let best: readonly [string, string] | undefined;
  for (const entry of CHAPTERS)
    if (beginsWith(path, entry[0]) && entry[0].length > (best?.[0].length ?? 0)) best = entry;
  return best ? `/help/${best[1]}` : '/help';
}

/** Segment by segment; `*` stands for an id. */
function beginsWith(path: string, prefix: string): boolean {
  const segments = path.split('/');
  return prefix
    .split('/')
    .every((segment, index) => (segment === '*' ? segments[index] !== undefined : segment === segments[index]));
}

export const helpChapters = (): string[] => [...new Set(CHAPTERS.map(([, chapter]) => chapter))];
