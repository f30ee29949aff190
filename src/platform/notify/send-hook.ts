import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import type { ChannelSecret } from './channel-secret';
import { cleaned, notifyError } from './faults';
import { guardedLookup, refuseForbidden } from './guard-address';
import type { Message } from './message';
import type { ChannelKind } from './tables';

const TIMEOUT_MS = 10_000;
const LONGEST_ANSWER = 64 * 1024;

type HookKind = Exclude<ChannelKind, 'mail'>;

interface Posting {
  url: string;
  body: string;
  headers: Record<string, string>;
}

/**
 * What is posted. A webhook gets the message as fields, signed: `sha256=` and the HMAC-SHA256, in hexadecimal, of the
 * timestamp header, a full stop and the body. The robots get their own form of a text (企业微信 group robot `msgtype text`;
 * 钉钉 custom robot with 加签: timestamp and HMAC in the address).
 */
export function postingFor(kind: HookKind, secret: ChannelSecret, message: Message, now: number): Posting {
  const { url = '', signingKey } = secret;
  const text = [message.subject, message.text, message.link].filter(Boolean).join('\n');
  if (kind === 'wecom') return { url, headers: {}, body: JSON.stringify({ msgtype: 'text', text: { content: text } }) };
  if (kind === 'dingtalk') {
    const body = JSON.stringify({ msgtype: 'text', text: { content: text } });
    if (!signingKey) return { url, headers: {}, body };
    const signed = new URL(url);
    const sign = createHmac('sha256', signingKey).update(`${now}\n${signingKey}`).digest('base64');
    signed.searchParams.set('timestamp', String(now));
    signed.searchParams.set('sign', sign);
    return { url: signed.href, headers: {}, body };
  }
  const { id, event, stage, from, subject, link } = message;
  const body = JSON.stringify({ id, event, stage, from, subject, text: message.text, link, at: now });
  const headers: Record<string, string> = { 'x-phone-erp-event': event, 'x-phone-erp-delivery': String(id) };
  if (signingKey) {
    headers['x-phone-erp-timestamp'] = String(now);
    headers['x-phone-erp-signature'] =
      `sha256=${createHmac('sha256', signingKey).update(`${now}.${body}`).digest('hex')}`;
  }
  return { url, headers, body };
}

export async function sendHook(kind: HookKind, secret: ChannelSecret, message: Message, now: number): Promise<void> {
  const { status, text } = await post(postingFor(kind, secret, message, now));
  if (status >= 300 && status < 400) throw notifyError('redirected', { status });
  if (status < 200 || status >= 300) throw notifyError('status', { status });
  if (kind === 'webhook') return;
  // Robots answer 200 to everything and say in the body what became of it.
  const { errcode, errmsg = '' } = readAnswer(text);
  if (errcode !== 0)
    throw notifyError('robot', { code: String(errcode), detail: cleaned(errmsg, [secret.url, secret.signingKey]) });
}

function readAnswer(text: string): { errcode?: number; errmsg?: string } {
  try {
    return JSON.parse(text) as { errcode?: number; errmsg?: string };
  } catch {
    return { errmsg: 'no JSON' };
  }
}

/** A redirect is not followed: the message is for the address that somebody entered, and for no other. */
function post({ url, body, headers }: Posting): Promise<{ status: number; text: string }> {
  const target = new URL(url);
  refuseForbidden(target.hostname);
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'http:' ? http : https).request(
      target,
      {
        method: 'POST',
        lookup: guardedLookup,
        agent: false,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'phone-erp',
          ...headers,
        },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8');
        answer.on('data', (piece: string) => {
          if (text.length < LONGEST_ANSWER) text += piece;
          else answer.destroy();
        });
        answer.on('error', reject);
        answer.on('close', () => resolve({ status: answer.statusCode ?? 0, text }));
      },
    );
    request.on('error', (error) =>
      reject(
        error.name === 'TimeoutError' || error.name === 'AbortError' ? notifyError('timeout', { detail: '' }) : error,
      ),
    );
    request.end(body);
  });
}
