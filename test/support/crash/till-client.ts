import type { Random } from '../random';
import { CHARGER_FEN, type CrashTill, HANDSET_FEN, LOGIN, PASSWORD } from './shop';

/** One sale as a till sends it: the same again, word for word, until an answer came. */
export interface SaleOrder {
  /** The operation key; also written into the sale, so that it is found in the database. */
  key: string;
  way: 'till' | 'form';
  handset: { id: number; imei: string } | undefined;
  chargers: number;
  grossFen: number;
}

export interface Answer {
  saleId: number;
}

/** The session survives the server, as a browser's does. */
export interface Browser {
  cookie: string;
  token: string;
}

/** A request must not hang on a server that is gone; longer than the server itself tries. */
const ANSWER_MS = 45_000;

export class UnexpectedAnswer extends Error {}

export async function signIn(url: string): Promise<Browser> {
  const first = await fetch(`${url}/sign-in`);
  const visitor = cookiesOf(first);
  const signedIn = await fetch(`${url}/sign-in`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: visitor },
    body: new URLSearchParams({ login: LOGIN, password: PASSWORD, next: '/', _csrf: tokenIn(await first.text()) }),
  });
  if (signedIn.status !== 303) throw new Error(`sign-in answered ${signedIn.status}`);
  const cookie = cookiesOf(signedIn);
  const page = await fetch(`${url}/sales/sales/new`, { headers: { cookie } });
  return { cookie, token: tokenIn(await page.text()) };
}

const cookiesOf = (response: Response): string =>
  response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

function tokenIn(html: string): string {
  const token =
    /<meta name="csrf-token" content="([^"]+)"/.exec(html)?.[1] ?? /name="_csrf" value="([^"]+)"/.exec(html)?.[1];
  if (!token) throw new Error('the page carries no token');
  return token;
}

/** The next sale of a till: a handset while it has any, chargers, by the till's JSON or the plain form. */
export function nextOrder(till: CrashTill, key: string, random: Random): SaleOrder {
  const handset = random.chance(50) ? till.devices.shift() : undefined;
  const chargers = handset ? random.below(2) : random.between(1, 3);
  const grossFen = (handset ? HANDSET_FEN : 0) + chargers * CHARGER_FEN;
  return { key, way: random.chance(60) ? 'till' : 'form', handset, chargers, grossFen };
}

/**
 * Sends a sale. `unanswered`: the connection broke or the server said that the database is away, so nobody knows whether it
 * was done. Anything but that and success is a defect.
 */
export async function send(
  url: string,
  browser: Browser,
  till: CrashTill,
  order: SaleOrder,
): Promise<Answer | 'unanswered'> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(
      ...(order.way === 'till' ? tillRequest(url, browser, till, order) : formRequest(url, browser, till, order)),
    );
    text = await response.text();
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') throw new Error('no answer in time', { cause: error });
    return 'unanswered';
  }
  if (response.status === 503) return 'unanswered';
  const saleId =
    order.way === 'till'
      ? response.status === 200 && (JSON.parse(text) as { saleId?: number }).saleId
      : response.status === 303 && Number(/^\/sales\/sales\/(\d+)$/.exec(response.headers.get('location') ?? '')?.[1]);
  if (!saleId) throw new UnexpectedAnswer(`${order.way} ${order.key}: ${response.status} ${text.slice(0, 600)}`);
  return { saleId };
}

function tillRequest(
  url: string,
  { cookie, token }: Browser,
  till: CrashTill,
  order: SaleOrder,
): [string, RequestInit] {
  const { registerId, handsetSkuId, chargerSkuId } = till;
  const { handset, chargers, grossFen, key } = order;
  const line = (skuId: number, quantity: number, deviceId: number | null) => ({
    skuId,
    deviceId,
    quantity,
    discountFen: 0,
  });
  const body = {
    operationKey: key,
    customerId: null,
    salespersonId: null,
    expectedFen: grossFen,
    lines: [
      ...(handset ? [line(handsetSkuId, 1, handset.id)] : []),
      ...(chargers > 0 ? [line(chargerSkuId, chargers, null)] : []),
    ],
    tenders: [{ kind: 'wallet_wechat', amountFen: grossFen, reference: key }],
  };
  return [
    `${url}/sales/till/${registerId}/sales`,
    {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: { cookie, 'x-csrf-token': token, 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    },
  ];
}

function formRequest(
  url: string,
  { cookie, token }: Browser,
  till: CrashTill,
  order: SaleOrder,
): [string, RequestInit] {
  const { handset, chargers, grossFen, key } = order;
  const items = [...(handset ? [handset.imei] : []), ...(chargers > 0 ? [`6934177700019 x${chargers}`] : [])];
  const body = new URLSearchParams({
    _csrf: token,
    registerId: String(till.registerId),
    items: items.join('\n'),
    'tender.cash': String(grossFen / 100),
    note: key,
    operationKey: key,
  });
  return [
    `${url}/sales/sales`,
    {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(ANSWER_MS),
      headers: { cookie, accept: 'text/html' },
      body,
    },
  ];
}
