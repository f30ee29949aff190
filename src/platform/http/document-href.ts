/**
 * The page of a posting's document: ('purchasing.receipt', 17) → /purchasing/receipts/17. Modules keep to this form, so that
 * those below can link to documents of those above without knowing them.
 */
export function documentHref(type: string, id: number): string {
  const [module = '', resource = ''] = type.split('.');
  return `/${module}/${resource}s/${id}`;
}
