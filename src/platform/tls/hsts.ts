import { readFileSync } from 'node:fs';
import type { Config } from '../config';
import { isPubliclyTrusted, readChain } from './certificate-facts';

/**
 * Whether browsers may be told to insist on HTTPS (RFC 6797). Only with a certificate that every browser believes: after that
 * a browser lets nobody past a certificate it does not know, and tills that lack the own authority would be locked out.
 */
export function sendsHsts({ publicUrl, tls }: Config['server']): boolean {
  // The proxy in front ends HTTPS; its certificate is the company's affair.
  if (!tls) return publicUrl?.startsWith('https:') ?? false;
  if (tls.mode === 'own') return false;
  try {
    return isPubliclyTrusted(readChain(readFileSync(tls.certFile, 'utf8')));
  } catch {
    // Serving will say what is wrong with the file.
    return false;
  }
}
