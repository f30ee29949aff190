import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * Nothing inline and nothing from outside. 'wasm-unsafe-eval' lets the camera's barcode reader run; it allows no script.
 * Headers that browsers ignore (and complain about) on plain HTTP are sent with HTTPS only.
 */
export function securityHeaders({ https, hsts = false }: { https: boolean; hsts?: boolean }): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
          styleSrc: ["'self'"],
          imgSrc: ["'self'", 'data:', 'blob:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: hsts ? { maxAge: 31_536_000, includeSubDomains: false } : false,
      crossOriginOpenerPolicy: https,
      originAgentCluster: https,
      // 'no-referrer' would make browsers send "Origin: null" with every form.
      referrerPolicy: { policy: 'same-origin' },
      xFrameOptions: { action: 'deny' },
    }),
    (_request, response, next) => {
      response.setHeader('Permissions-Policy', 'camera=(self), microphone=(), geolocation=(), payment=(), usb=()');
      next();
    },
  ];
}
