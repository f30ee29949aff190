// The ceiling of a list page: Express, compression and EJS with nothing of the product; a table of 50 rows, filled up to
// the number of bytes of the product's page. Argument: bytes.
import type { AddressInfo } from 'node:net';
import compression from 'compression';
import ejs from 'ejs';
import express from 'express';

const ROWS = 50;
const TEMPLATE = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title><%= page.title %></title></head><body>
<%- page.frame %><table><% for (const row of page.rows) { %><tr><% for (const cell of row) { %><td><%= cell %></td><% } %></tr>
<% } %></table></body></html>`;

const bytes = Number(process.argv[2]);
const template = ejs.compile(TEMPLATE, { strict: true, localsName: 'page' });
const rows = (turn: number): string[][] =>
  Array.from({ length: ROWS }, (_, row) => [
    `小米 17 12+256G 白`,
    `MI17-01`,
    `8674210600${String(row).padStart(5, '0')}`,
    `在库 · 可售`,
    `新街口店`,
    `默认库位`,
    `2026-11-${10 + (row % 20)}`,
    `${turn % 100}`,
    `${3900 + row}.00`,
    `4499.00`,
  ]);
// The rest of the product's page: its frame, attributes and links, in lines that compress about as well.
const plain = Buffer.byteLength(template({ title: '库存', rows: rows(0), frame: '' }));
const line = (n: number): string =>
  `<a class="menu-link" href="/module/${(n * 7919) % 1000}/page/${n}"><svg class="icon"><use href="#i${n % 50}"/></svg> 菜单 ${n}</a>\n`;
let frame = '';
for (let n = 0; Buffer.byteLength(frame) + plain < bytes; n++) frame += line(n);

const app = express();
app.set('etag', false);
app.use(compression());
let turn = 0;
app.get('/readyz', (_request, response) => void response.send('ok'));
app.get('/list', (_request, response) => {
  turn += 1;
  response.type('html').send(template({ title: '库存', rows: rows(turn), frame }));
});
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('SIGTERM', () => process.exit());
